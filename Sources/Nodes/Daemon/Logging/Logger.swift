/// Writes events as a constant sentence with keys; one JSON object a line, or a readable line on a terminal.
///
/// A value type: hand it to every part that has something to say. Never give it a key, a password or a whole payload.
///
/// ```swift
/// log.info("extrinsic refused", [.netuid: 3, .reason: "rateLimited"])
/// ```
package struct Logger: Sendable {
  package let name: String
  package let level: LogLevel
  package let form: LogForm
  private let sink: any LogSink
  private let clock: any WallClock

  package init(
    name: String, level: LogLevel = .info, form: LogForm = .json, to sink: any LogSink,
    clock: any WallClock = SystemWallClock()
  ) {
    self.name = name
    self.level = level
    self.form = form
    self.sink = sink
    self.clock = clock
  }

  /// The logger of a process: to standard error, as text on a terminal and as JSON otherwise.
  package static func standardError(name: String, level: LogLevel = .info, form: LogForm? = nil) -> Logger {
    let terminal = Terminal.standardError
    let fitting: LogForm = terminal.isTerminal ? (terminal.hasColour ? .colouredText : .text) : .json
    return Logger(name: name, level: level, form: form ?? fitting, to: DescriptorLogSink.standardError)
  }

  /// The same logger under the name of a part.
  package func named(_ name: String) -> Logger {
    Logger(name: name, level: level, form: form, to: sink, clock: clock)
  }

  package func debug(_ sentence: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
    write(.debug, sentence, fields)
  }
  package func info(_ sentence: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
    write(.info, sentence, fields)
  }
  package func warning(_ sentence: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
    write(.warning, sentence, fields)
  }
  package func error(_ sentence: StaticString, _ fields: @autoclosure () -> LogFields = [:]) {
    write(.error, sentence, fields)
  }

  private func write(_ level: LogLevel, _ sentence: StaticString, _ fields: () -> LogFields) {
    guard level >= self.level else { return }
    let line = LogLine(
      millisecondsSince1970: clock.millisecondsSince1970, level: level, name: name, sentence: sentence,
      fields: fields())
    sink.write(line.bytes(in: form))
  }
}
