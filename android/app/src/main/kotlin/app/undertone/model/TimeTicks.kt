package app.undertone.model

/**
 * Round places on a scale of time from [fromMs] to [toMs], in milliseconds: as close together as [most] of them allow.
 *
 * @param most at least 1.
 */
internal fun timeTicksMs(fromMs: Long, toMs: Long, most: Int): List<Long> {
    val stepMs = STEPS_S.map { it * 1_000L }.firstOrNull { (toMs - fromMs) / it < most } ?: return emptyList()
    val firstMs = (fromMs + stepMs - 1) / stepMs * stepMs
    return (firstMs..toMs step stepMs).toList()
}

/** Steps that people count in, up to a day. */
private val STEPS_S = listOf(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400)
