/// The files of the page, which are part of the program.
enum WebPage {
    /// The file with a name, where the empty name is the page itself, or nil.
    static func file(_ name: String) -> (type: String, bytes: [UInt8])? {
        switch name {
        case "": ("text/html; charset=utf-8", PackageResources.review_html)
        case "base.css": ("text/css; charset=utf-8", PackageResources.base_css)
        case "parts.css": ("text/css; charset=utf-8", PackageResources.parts_css)
        case "review.css": ("text/css; charset=utf-8", PackageResources.review_css)
        case "review.js": ("text/javascript; charset=utf-8", PackageResources.review_js)
        default: nil
        }
    }
}
