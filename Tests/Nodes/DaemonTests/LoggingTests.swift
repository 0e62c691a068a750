import Daemon
import Glibc
import JSONText
import Testing

struct FixedWallClock: WallClock {
  let millisecondsSince1970: UInt64
}

@Suite struct LoggingTests {
  let sink = RecordedLog()
  func logger(_ form: LogForm = .json, level: LogLevel = .info) -> Logger {
    Logger(
      name: "chain", level: level, form: form, to: sink, clock: FixedWallClock(millisecondsSince1970: 1_709_164_800_250)
    )
  }

  @Test func aLineIsOneJSONObjectWithTheFieldsInOrder() throws {
    logger().info("extrinsic refused", [.netuid: 3, .reason: "rateLimited", .nonce: .number(-1), .ready: true])
    #expect(
      sink.lines == [
        #"{"time":"2024-02-29T00:00:00.250Z","level":"info","name":"chain","message":"extrinsic refused","#
          + #""netuid":3,"reason":"rateLimited","nonce":-1,"ready":true}"#
      ])
    #expect(try JSONValue(parsing: #require(sink.lines.first))["netuid"] == 3)
  }

  @Test func levelsBelowTheLoggersStaySilent() {
    let logger = logger(level: .warning)
    logger.debug("one")
    logger.info("two")
    logger.warning("three")
    logger.error("four")
    #expect(sink.lines.count == 2)
  }

  @Test func textFormQuotesWhatASpaceWouldSplit() {
    logger(.text).warning("peer left", [.peer: "a b", .count: 2, .reason: "fine"])
    #expect(sink.lines == [#"00:00:00.250 warning chain: peer left peer="a b" count=2 reason=fine"#])
  }

  @Test(arguments: LogForm.allCases) func foreignBytesCannotEndTheLineOrTheString(form: LogForm) {
    let hostile = "x\"}\n{\"level\":\"error\"\u{1B}[31m\u{202E}\u{7F}😀é\\"
    logger(form).info("seen", [.peer: .text(hostile)])
    #expect(sink.lines.count == 1)
    let line = sink.lines.first ?? ""
    #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) || (form == .colouredText && $0 == 0x1B) })
    #expect(!line.contains("\u{1B}[31m"))
    if form == .json { #expect((try? JSONValue(parsing: line))?["peer"] == .text(hostile)) }
  }

  @Test func aFieldIsCutAt256BytesAndALineBelowAPipesBuffer() throws {
    let long = String(repeating: "\n", count: 10_000)
    logger().info("seen", [.peer: .text(long)])
    let value = try JSONValue(parsing: #require(sink.lines.last))
    #expect(value["peer"] == .text(String(repeating: "\n", count: 42) + "..."))
    logger().info("seen", LogFields(LogKey.allCases.map { (key: $0, value: .text(long)) }))
    #expect(sink.lines.last.map { $0.utf8.count < 4096 } == true)
    #expect(try JSONValue(parsing: #require(sink.lines.last))["cut"] == .flag(true))
    #expect(escapedText(String(repeating: "a", count: 256), limit: 256).utf8.count == 256)
    #expect(escapedText(String(repeating: "a", count: 257), limit: 256).utf8.count == 256)
    #expect(escapedText(String(repeating: "😀", count: 100), limit: 256).hasSuffix(#"\ud83d\ude00..."#))
  }

  @Test func aFullPipeDropsLinesInsteadOfWaitingAndTellsHowMany() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { ends.forEach { close($0) } }
    let logger = Logger(name: "n", to: DescriptorLogSink(descriptor: ends[1]))
    let line = String(repeating: "x", count: 200)
    for _ in 0..<2000 { logger.info("flood", [.peer: .text(line)]) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = read(ends[0], &bytes, bytes.count)
    logger.info("after")
    let second = read(ends[0], &bytes, bytes.count)
    let lines = String(decoding: bytes[..<second], as: UTF8.self).split(separator: "\n")
    #expect(count > 0)
    #expect(lines.count == 2)
    let dropped = try #require(try JSONValue(parsing: String(lines[0]))["dropped"]?.integer(UInt64.self))
    #expect(dropped > 0 && dropped < 2000)
  }

  @Test func readyLinesCarryTheirFieldsBothWays() throws {
    let line = ReadyLine("chain", [.endpoint: "tcp://127.0.0.1:1", .height: 0, .example: "a b"])
    #expect(line.text(json: false) == #"ready chain endpoint=tcp://127.0.0.1:1 height=0 example="a b""#)
    let text = line.text(json: true)
    #expect(text == #"{"ready":"chain","endpoint":"tcp://127.0.0.1:1","height":0,"example":"a b"}"#)
    let parsed = try #require(ReadyLine(parsing: text))
    #expect(parsed == line)
    #expect(parsed[.height] == "0" && parsed[.endpoint] == "tcp://127.0.0.1:1" && parsed[.uid] == nil)
    #expect(ReadyLine(parsing: "hello") == nil && ReadyLine(parsing: #"{"x":1}"#) == nil)
  }
}
