package app.undertone.ui

import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.unit.dp
import kotlin.test.assertEquals
import kotlin.test.assertTrue

internal val isHeading = SemanticsMatcher.keyIsDefined(SemanticsProperties.Heading)

/** Everything that can be tapped is a button of at least 48 dp with words. */
internal fun ComposeContentTestRule.assertCanBeTapped() {
    val nodes = onAllNodes(hasClickAction()).fetchSemanticsNodes()
    assertTrue(nodes.isNotEmpty())
    nodes.forEach { node ->
        val touch = with(density) { node.touchBoundsInRoot.run { minOf(width, height).toDp() } }
        assertTrue(touch >= 48.dp, "${node.words()} is $touch")
        assertTrue(node.words().isNotBlank(), "a tappable thing without words")
        assertEquals(Role.Button, node.config.getOrNull(SemanticsProperties.Role), node.words())
    }
}

internal fun SemanticsNode.words(): String {
    val texts = config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
    return (texts + config.getOrNull(SemanticsProperties.ContentDescription).orEmpty()).joinToString()
}
