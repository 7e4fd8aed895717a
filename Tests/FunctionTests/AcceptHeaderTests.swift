import Testing

@testable import function

@Suite struct AcceptHeaderTests {
    @Test(
        "OpenMetrics is for those who name it",
        arguments: [
            ("", false), ("*/*", false), ("text/plain", false), ("application/openmetrics-text", true),
            ("application/*", false), ("application/openmetrics-text;q=0.3,text/plain;q=0.5", false),
            ("application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true),
        ])
    func openMetrics(header: String, isPreferred: Bool) {
        #expect(AcceptHeader(header).prefersOpenMetrics == isPreferred)
    }

    @Test(arguments: [
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", "text/*", "TEXT/HTML;Q=0.1",
        "application/json;q=0.5, text/html", "text/html, application/json", "text/html;q=0.5, application/json;q=0.4",
        "*/*;q=0.9, text/html", "application/json;q=0, */*", "text/html;charset=utf-8", "text/html ; q=1.000",
    ])
    func htmlIsPreferred(header: String) {
        #expect(AcceptHeader(header).prefersHTML)
    }

    @Test(arguments: [
        "", " ", "*/*", "application/json", "text/html;q=0", "text/html;q=0, */*", "text/html;q=0.5, application/json",
        "text/html;q=0.5, */*", "text/*;q=0.9, text/html;q=0.1, application/json;q=0.2", "application/*", "image/png",
        "nonsense", "text/html;q=2", "text/html;q=high", "*/html", ",,;;q=1,/", "text/plain, application/json",
    ])
    func jsonIsPreferred(header: String) {
        #expect(!AcceptHeader(header).prefersHTML)
    }
}
