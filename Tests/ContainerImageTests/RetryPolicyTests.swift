import Foundation
import Testing

@testable import ContainerImage

@Suite struct RetryPolicyTests {
    @Test(arguments: [("3", 3), ("-1", 0), ("soon", nil)] as [(String, Int?)])
    func retryAfterCanBeANumberOfSeconds(header: String, seconds: Int?) {
        #expect(RetryPolicy.seconds(header) == seconds)
    }

    @Test func retryAfterCanBeADate() throws {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let seconds = try #require(RetryPolicy.seconds(format.string(from: Date(timeIntervalSinceNow: 60))))
        #expect((55...61).contains(seconds))
    }
}
