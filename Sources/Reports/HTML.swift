/// Pieces of HTML; every text passes ``escaped(_:)``.
package enum HTML {
  /// A text as content of an element or of an attribute in double quotes.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A finished cell of a table.
  package static func cell(_ text: String, isNumber: Bool = false) -> String {
    "<td\(isNumber ? " class=\"n\"" : "")>\(escaped(text))</td>"
  }

  /// A table of finished cells.
  package static func table(header: [String], rows: [[String]]) -> String {
    let head = header.map { "<th>\(escaped($0))</th>" }.joined()
    let body = rows.map { "<tr>\($0.joined())</tr>" }.joined(separator: "\n")
    return "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body)\n</tbody></table>\n"
  }

  /// A table of texts; nothing when there is no row.
  package static func table(header: [String], texts: [[String]]) -> String {
    texts.isEmpty ? "" : table(header: header, rows: texts.map { $0.map { cell($0) } })
  }

  /// A whole page with nothing to load from elsewhere.
  ///
  /// - Parameter body: finished HTML.
  package static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>\(escaped(title))</title>
    <style>\(style)</style></head><body>
    \(body)
    </body></html>

    """
  }

  private static let style = """
    body { font: 15px/1.45 sans-serif; color: #222; max-width: 75em; margin: 2em auto; \
    padding: 0 1em } table { border-collapse: collapse; margin: 0.8em 0; font-size: 14px } \
    th, td { padding: 0.2em 0.7em; border-bottom: 1px solid #ddd; text-align: left } \
    td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } \
    .sheets { display: flex; flex-wrap: wrap; gap: 1em } figure { margin: 0; max-width: 23em } \
    figure img { width: 100% } .plot { max-width: 50em } code { font-size: 13px } \
    .dim { color: #888 }
    """
}
