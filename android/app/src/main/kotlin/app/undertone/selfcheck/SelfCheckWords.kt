package app.undertone.selfcheck

import android.content.Context
import android.content.res.Resources
import android.os.Build
import androidx.annotation.StringRes
import app.undertone.R
import app.undertone.ui.LabelledValue
import kotlin.math.roundToLong

/** What a report says, line by line; the screen and the text that is shared have the same. */
internal fun SelfCheckReport.rows(phone: Phone, resources: Resources): List<LabelledValue> = with(resources) {
    fun row(label: Int, value: String) = LabelledValue(getString(label), value)

    fun decimal(value: Double) = getString(R.string.self_check_milliseconds, value)

    listOf(
        row(R.string.self_check_error, getString(R.string.self_check_error_of, largestLogitError, tolerance)),
        row(R.string.self_check_clips, getQuantityString(R.plurals.self_check_clips_differ, wrongLabels, wrongLabels, clips)),
        row(R.string.self_check_load, decimal(loadMs)),
        row(R.string.self_check_median, decimal(medianMsPerSecond)),
        row(R.string.self_check_slow, decimal(slowMsPerSecond)),
        row(R.string.self_check_memory, getString(R.string.self_check_mebibytes, (memoryKib / KIB_IN_MIB).roundToLong())),
        row(R.string.self_check_phone, phone.model),
        row(R.string.self_check_abi, phone.abi),
        row(R.string.self_check_android, phone.androidVersion),
        row(R.string.self_check_app, phone.appVersion),
        row(R.string.self_check_model, modelSha256),
    )
}

/** The whole report in a word or two. */
@get:StringRes
internal val SelfCheckReport.verdict: Int get() = if (hasPassed) R.string.self_check_passed else R.string.self_check_not_passed

/** What [verdict] means. */
@get:StringRes
internal val SelfCheckReport.meaning: Int
    get() = if (hasPassed) R.string.self_check_passed_explained else R.string.self_check_not_passed_explained

/** The report as text, for whoever is asked for help. */
internal fun SelfCheckReport.asText(phone: Phone, resources: Resources): String = with(resources) {
    (listOf(LabelledValue(getString(verdict), getString(meaning))) + rows(phone, this))
        .joinToString("\n") { getString(R.string.self_check_line, it.label, it.value) }
}

/** This phone, and this version of the app on it. */
internal fun phone(context: Context) = Phone(
    model = "${Build.MANUFACTURER} ${Build.MODEL}",
    abi = Build.SUPPORTED_ABIS.first(),
    androidVersion = "${Build.VERSION.RELEASE} (${Build.VERSION.SDK_INT})",
    appVersion = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty(),
)

private const val KIB_IN_MIB = 1024.0
