/// A page in one file: no scripts, no other files, light and dark, for a phone and a desktop.
public struct HTMLPage: Sendable {
    /// The title in the tab of the browser.
    public var title: String
    /// The elements of the page, as HTML.
    public var body: String

    /// Creates a page.
    ///
    /// - Parameters:
    ///   - title: The title, which need not be escaped.
    ///   - body: The elements of the page, as HTML.
    public init(title: String, body: String) {
        self.title = title
        self.body = body
    }

    /// The page as HTML.
    ///
    /// Its policy forbids scripts and requests, in case that a text gets around the escaping.
    public var markup: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <meta name="color-scheme" content="light dark">
        <link rel="icon" href="data:,">
        <title>\(title.htmlEscaped)</title>
        <style>
        \(StyleSheet.text)
        </style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }
}
