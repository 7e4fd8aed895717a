import ModelFile

/// What the arguments of the command line ask for.
enum Arguments: Equatable {
    /// Serve the model.
    case serve
    /// Print this text and exit.
    case print(String)

    /// Reads the arguments.
    ///
    /// - Parameter arguments: The arguments without the name of the program.
    /// - Throws: `ArgumentError` if there is an argument other than a single `--help` or `--version`.
    init(_ arguments: some Collection<String>) throws(ArgumentError) {
        guard let argument = arguments.first else {
            self = .serve
            return
        }
        guard arguments.count == 1 else { throw ArgumentError(found: "\(arguments.count) arguments") }
        switch argument {
        case "--help", "-h": self = .print(Self.help)
        case "--version": self = .print("\(pinsonVersion)\n")
        default: throw ArgumentError(found: "'\(argument)'")
        }
    }

    private static let help = """
        Usage: function [--help | --version]

        Serves a text classifier over HTTP. POST /predict classifies; GET /info describes the model.

        The settings are environment variables:
          PORT           The port to listen on; 0 chooses a free port. The default is 8080.
          HOST           The IP address to listen on. The default is 0.0.0.0.
          MODEL_PATH     The model file. The default is /model/model.gguf, else model.gguf next to the
                         function.
          VERIFY_MODEL   1 compares the model file with its digests before it is served.
          CONCURRENCY    The number of requests that are computed at the same time.
          THREADS        The number of threads that work on a request while it is the only one.
          QUEUE_LIMIT    The number of requests that may wait. The default is 256.
          QUEUE_TOKENS   The number of tokens that may wait. The default is 32768.
          CONNECTION_LIMIT
                         The number of connections at the same time. The default is 2048.
          CONNECTION_LIMIT_PER_ADDRESS
                         The number of connections of one client address. The default is 0, no limit.
          REQUEST_TIMEOUT
                         The seconds in which a request must arrive. The default is 30.
          LOG_LEVEL      debug, info, notice, warning, error or critical. The default is info.
          LOG_TEXT       1 or true writes the texts of requests into the log.
          GOOGLE_CLOUD_PROJECT
                         The project that completes trace ids in the log.
          FEEDBACK_DIR   The folder of a volume that keeps reports. The default is the log.
          FEEDBACK_STORAGE
                         auto, append or objects. The default is auto, which tries it.
          FEEDBACK_TEXT  keep, or hash to keep only hashes of texts. The default is keep.
          FEEDBACK_HASH_KEY
                         The secret key of these hashes.
          FEEDBACK_MAX_BYTES
                         The most bytes of all reports. The default is 1073741824.
          FEEDBACK_RETENTION_DAYS
                         The days after which reports are deleted. The default is never.
          FEEDBACK_TIMEOUT
                         The seconds in which a report must be durable. The default is 5.
          ALERT_THRESHOLD
                         The reports of wrong predictions that raise an alert. The default is 3; 0 is off.
          ALERT_WINDOW   The time in which they come, such as 90s, 5m or 2h. The default is 5m.
          ALERT_COOLDOWN The shortest time between two alerts. The default is 15m.
          ALERT_TIMEOUT  The time that a report waits for its alert. The default is 5s.
          ALERT_MAX_AGE  The time after which an alert that did not arrive is given up. The default is 1d.
          ADMIN_EMAIL    The addresses that get alerts, with commas between them.
          SMTP_SERVER, SMTP_PORT, SMTP_SECURITY, SMTP_EMAIL, SMTP_USER, SMTP_PASSWORD, SMTP_FROM_ALIAS
                         The mail server and the sender of alerts.
          ALERT_SLACK_URL, ALERT_MATTERMOST_URL, ALERT_DISCORD_URL, ALERT_TEAMS_URL
                         The webhooks of chats that get alerts.
          ALERT_WEBHOOK_URL, ALERT_WEBHOOK_SECRET
                         The address of a program that gets alerts, and the key of its signatures.
          SSL_CERT_FILE  The authorities that may vouch for these servers. The default is the system's.
          DRIFT_WINDOW   The number of texts that are compared with those of the training. The default is
                         1000; 0 is off.
          DRIFT_ALPHA    The chance of a false alarm about these texts. The default is 0.001.
          API_KEYS       The secret keys of clients, with commas between them. KEY may do everything;
                         predict+feedback:KEY and operate:KEY may do only what they name. What a key
                         may do is closed to clients without such a key.
          CORS_ORIGINS   The other websites whose pages may call the function, or * for all.
          RATE_LIMIT     The requests of one client in a second, minute, hour or day, such as 60/m.
          TRUSTED_PROXIES
                         The number of proxies whose X-Forwarded-For names the client. The default is 0.
          AWS_LAMBDA_RUNTIME_API
                         The runtime API of AWS Lambda, which Lambda sets. Requests then come from there.
          PINSON_ISA     The instruction set. The default is the fastest that the processor has.

        Options:
          -h, --help     Print this help.
          --version      Print the version.

        """
}

/// The command line has arguments that the function does not know.
struct ArgumentError: Error, Equatable, CustomStringConvertible {
    let found: String

    var description: String {
        "The function got \(found), expected --help, --version or nothing; its settings are environment variables."
    }
}
