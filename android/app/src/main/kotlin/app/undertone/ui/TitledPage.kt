package app.undertone.ui

import androidx.annotation.DrawableRes
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.asPaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.only
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.layout.windowInsetsPadding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TopAppBar
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawWithCache
import androidx.compose.ui.draw.drawWithContent
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Brush
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.res.painterResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.LayoutDirection
import androidx.compose.ui.unit.dp
import app.undertone.R
import app.undertone.theme.hasLargeFont

/**
 * A way back and a title above [content]; edge to edge.
 *
 * @param isScrolled whether part of [content] has gone below the title.
 */
@Composable
internal fun TitledPage(
    title: String,
    onBack: () -> Unit,
    modifier: Modifier = Modifier,
    isScrolled: () -> Boolean = { false },
    content: @Composable (Modifier) -> Unit,
) {
    val insets = WindowInsets.safeDrawing
    Surface(modifier.fillMaxSize()) {
        Column(Modifier.windowInsetsPadding(insets.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Top))) {
            PageBar(title, onBack, isScrolled)
            content(Modifier.weight(1f))
        }
    }
}

/** A way back and a title, in the column of what is below. */
@Composable
internal fun PageBar(title: String, onBack: () -> Unit, isScrolled: () -> Boolean = { false }) {
    val insets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Top)
    Box(Modifier.windowInsetsPadding(insets).fillMaxWidth().edgeWhen(isScrolled), Alignment.Center) {
        Row(
            Modifier.widthIn(max = WIDEST_PAGE).fillMaxWidth().padding(start = 4.dp, end = 24.dp, top = 8.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            BackButton(onBack)
            PageTitle(title, Modifier.padding(start = 4.dp))
        }
    }
}

/**
 * The bar of a page that fills a scaffold.
 *
 * @param title null where the page itself begins with one.
 * @param onBack null where a rail or a list beside the page leads on.
 * @param isScrolled whether part of the page has gone below the bar.
 */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun TitleBar(
    title: String?,
    onBack: (() -> Unit)?,
    isScrolled: () -> Boolean = { false },
    actions: @Composable RowScope.() -> Unit = {},
) {
    TopAppBar(
        title = { if (title != null) BarTitle(title) },
        modifier = Modifier.edgeWhen(isScrolled),
        navigationIcon = { if (onBack != null) BackButton(onBack) },
        actions = actions,
        windowInsets = WindowInsets.safeDrawing.only(WindowInsetsSides.Horizontal + WindowInsetsSides.Top),
    )
}

@Composable
private fun BackButton(onBack: () -> Unit) {
    IconButton(onBack) { Icon(painterResource(R.drawable.ic_back), stringResource(R.string.back)) }
}

@Composable
private fun PageTitle(title: String, modifier: Modifier = Modifier) {
    Text(title, modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** In one line: a large font leaves room for more of the name in smaller letters. */
@Composable
private fun BarTitle(title: String) {
    val hasLargeFont = LocalDensity.current.hasLargeFont
    val style = MaterialTheme.typography.run { if (hasLargeFont) titleLarge.copy(fontSize = titleMedium.fontSize) else titleLarge }
    Text(title, Modifier.semantics { heading() }, style = style, maxLines = 1, overflow = TextOverflow.Ellipsis)
}

/** A [TitledPage] of text that scrolls below the navigation bar, in lines of readable length. */
@Composable
internal fun ReadingPage(title: String, onBack: () -> Unit, modifier: Modifier = Modifier, content: LazyListScope.() -> Unit) {
    val list = rememberLazyListState()
    TitledPage(title, onBack, modifier, isScrolled = { list.canScrollBackward }) { rest ->
        val bottom = WindowInsets.safeDrawing.only(WindowInsetsSides.Bottom).asPaddingValues().calculateBottomPadding()
        BoxWithConstraints(rest.fillMaxSize().navigationScrim(), contentAlignment = Alignment.TopCenter) {
            val margin = pageMargin(maxWidth, narrow = 24.dp)
            LazyColumn(
                Modifier.widthIn(max = WIDEST_PAGE).fillMaxWidth(),
                list,
                contentPadding = PaddingValues(start = margin, end = margin, top = 8.dp, bottom = bottom + 24.dp),
                verticalArrangement = Arrangement.spacedBy(8.dp),
                content = content,
            )
        }
    }
}

/** The space beside what is below a [PageBar]: on a wide page it begins below the title, on others below the way back. */
internal fun pageMargin(width: Dp, narrow: Dp): Dp = if (width >= WIDE_FROM) TITLE_START else narrow

/** The heading of a part of a [ReadingPage]. */
@Composable
internal fun SectionHeading(text: String, modifier: Modifier = Modifier) {
    Text(
        text,
        modifier.padding(top = 12.dp).semantics { heading() },
        style = MaterialTheme.typography.labelLarge,
        color = MaterialTheme.colorScheme.primary,
        textAlign = pageStart,
    )
}

@Composable
internal fun Paragraph(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier, style = MaterialTheme.typography.bodyMedium, textAlign = pageStart)
}

/** The side where lines of the page begin, also those of a text whose script runs the other way. */
internal val pageStart: TextAlign
    @Composable get() = if (LocalLayoutDirection.current == LayoutDirection.Rtl) TextAlign.Right else TextAlign.Left

/** A line at the bottom of a title, or of what is pinned below one, where it cuts what scrolls below it. */
@Composable
internal fun Modifier.edgeWhen(isScrolled: () -> Boolean): Modifier {
    val color = MaterialTheme.colorScheme.outlineVariant
    return drawWithContent {
        drawContent()
        val thickness = 1.dp.toPx()
        if (isScrolled()) drawRect(color, Offset(0f, size.height - thickness), Size(size.width, thickness))
    }
}

/** Fades out what scrolls below the system's navigation bar at the bottom of this, which would else run through a line of text. */
@Composable
internal fun Modifier.navigationScrim(): Modifier {
    val heightPx = WindowInsets.navigationBars.getBottom(LocalDensity.current).toFloat()
    val color = MaterialTheme.colorScheme.surface
    if (heightPx == 0f) return this
    return drawWithCache {
        val top = size.height - heightPx - FADE_ABOVE_BAR.toPx()
        val fade = Brush.verticalGradient(listOf(color.copy(alpha = 0f), color), startY = top, endY = size.height - heightPx / 2)
        onDrawWithContent {
            drawContent()
            drawRect(fade, Offset(0f, top), Size(size.width, size.height - top))
        }
    }
}

/** A sign on a page that would be blank without it. */
@Composable
internal fun NothingHere(@DrawableRes icon: Int, modifier: Modifier = Modifier, container: Color = MaterialTheme.colorScheme.primaryContainer) {
    Surface(modifier.size(112.dp), CircleShape, container) {
        Icon(painterResource(icon), null, Modifier.padding(32.dp))
    }
}

/** A column that is comfortable to read on wide screens, with margins on narrow ones. */
internal fun Modifier.pageWidth(): Modifier = widthIn(max = READING_WIDTH).fillMaxWidth().padding(horizontal = 16.dp)

internal val READING_WIDTH = 672.dp

/** The widest column of a page, with its margins. */
internal val WIDEST_PAGE = 840.dp

/** Material's medium window class. */
private val WIDE_FROM = 600.dp

/** Of a [PageBar], behind the way back. */
internal val TITLE_START = 56.dp

/** Less than pages leave free below their ends. */
private val FADE_ABOVE_BAR = 8.dp
