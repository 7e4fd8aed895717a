/// The version of Pinson, which the function and the command line tool report.
public let pinsonVersion = "0.1.0"
