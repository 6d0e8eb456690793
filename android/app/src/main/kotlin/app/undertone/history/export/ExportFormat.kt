package app.undertone.history.export

/** A kind of document that sessions are exported as. */
enum class ExportFormat(val mimeType: String, val extension: String) {
    Csv("text/csv", "csv"),
    Json("application/json", "json"),
}
