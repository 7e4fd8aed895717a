/// The page for people: one document that holds its style and its script.
///
/// The sources are the files of this folder. They are joined when the page is asked for the first time.
enum WebPage {
    static let document: Document = {
        let style = Self.style([PackageResources.base_css, PackageResources.parts_css, PackageResources.lists_css])
        let script = compact(scripts, line: withoutSpacesOutsideText)
        var page = compact([PackageResources.page_html])
        insert(style, between: "<style>", and: "</style>", in: &page)
        insert(script, between: "<script type=\"module\">", and: "</script>", in: &page)
        let policy = ContentSecurityPolicy(style: style, script: script)
        return Document("text/html; charset=utf-8", page, headers: policy.headers + [("Vary", "Accept")])
    }()

    /// The script, in the order in which its parts need each other.
    private static var scripts: [[UInt8]] {
        [
            PackageResources.elements_js, PackageResources.strings_js, PackageResources.server_js,
            PackageResources.words_js, PackageResources.answer_js, PackageResources.report_js,
            PackageResources.history_js, PackageResources.tweet_js, PackageResources.csv_js, PackageResources.many_js,
            PackageResources.many_result_js, PackageResources.charts_js, PackageResources.watch_js,
            PackageResources.operator_js, PackageResources.start_js,
        ]
    }

    /// Joins style sheets.
    static func style(_ sources: [[UInt8]]) -> [UInt8] { withoutSpaces(compact(sources)) }

    /// Joins sources without indentation, empty lines and lines that are comments.
    ///
    /// No source has a string or a comment of several lines, so no line means something else without them.
    private static func compact(
        _ sources: [[UInt8]], line compactLine: (ArraySlice<UInt8>) -> ArraySlice<UInt8> = { $0 }
    ) -> [UInt8] {
        var result: [UInt8] = []
        for source in sources {
            for line in source.split(separator: UInt8(ascii: "\n")) {
                let text = line.drop { $0 == UInt8(ascii: " ") }
                guard !text.isEmpty, !text.starts(with: "//".utf8), !text.starts(with: "/*".utf8) else { continue }
                result += compactLine(text)
                result.append(UInt8(ascii: "\n"))
            }
        }
        return result
    }

    /// Removes the spaces beside the punctuation of a line of a script, outside texts.
    ///
    /// Lines with patterns, escapes or several templates stay as they are.
    private static func withoutSpacesOutsideText(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let template = UInt8(ascii: "`")
        guard !line.contains(where: "'/\\".utf8.contains), line.count(where: { $0 == template }) <= 2 else {
            return line
        }
        let punctuation = Array("{}()[],;:=<>?&|!*".utf8)
        var result: ArraySlice<UInt8> = []
        var text: UInt8?
        for index in line.indices {
            if line[index] == text {
                text = nil
            } else if text == nil, line[index] == template || line[index] == UInt8(ascii: "\"") {
                text = line[index]
            }
            let neighbours = [line.index(before: index), line.index(after: index)].filter(line.indices.contains)
            let isSurplus = neighbours.contains { punctuation.contains(line[$0]) }
            if line[index] == UInt8(ascii: " "), text == nil, isSurplus { continue }
            result.append(line[index])
        }
        return result
    }

    /// Removes the spaces and line ends of a style that do not separate anything.
    private static func withoutSpaces(_ style: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, byte) in style.enumerated() {
            let isSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n")
            let (last, next) = (result.last ?? 0x7B, index + 1 < style.count ? style[index + 1] : 0x7D)
            if isSpace, "{};:,".utf8.contains(last) || "{}".utf8.contains(next) { continue }
            result.append(byte)
        }
        return result
    }

    /// Puts bytes into an element that is empty.
    private static func insert(_ bytes: [UInt8], between start: String, and end: String, in page: inout [UInt8]) {
        let empty = Array((start + end).utf8)
        guard let place = page.indices.first(where: { page[$0...].starts(with: empty) }) else { return }
        page.insert(contentsOf: bytes, at: place + start.utf8.count)
    }
}
