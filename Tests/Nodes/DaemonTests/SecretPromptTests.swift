import Daemon
import Glibc
import Testing

/// What a person would see and type: the other end of a pseudo terminal.
private final class Person {
  let terminal: Int32
  private let window: Int32
  /// `TIOCSPTLCK` and `TIOCGPTN`, which are macros that Swift does not see.
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  init() throws {
    let window = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: Int32 = 0
    try #require(ioctl(window, Person.unlock, &number) == 0 && ioctl(window, Person.getNumber, &number) == 0)
    let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(terminal >= 0)
    self.window = window
    self.terminal = terminal
  }

  deinit {
    close(terminal)
    close(window)
  }

  /// Waits until something stands there, then types.
  func types(_ text: String, after question: String) throws -> String {
    var seen = ""
    while !seen.contains(question) { seen += try sees() }
    try #require(writeAll(Array(text.utf8), to: window))
    return seen
  }

  func sees() throws -> String {
    var poll = pollfd(fd: window, events: Int16(POLLIN), revents: 0)
    try #require(Glibc.poll(&poll, 1, 60_000) == 1, "nothing is shown")
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(window, &bytes, bytes.count)
    try #require(count > 0)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  var isMute: Bool {
    var settings = termios()
    return tcgetattr(terminal, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) == 0
  }
}

@Suite struct SecretPromptTests {
  /// What the prompt makes of these keys, and what the screen shows of them.
  private func asked(keys: String) async throws -> (answer: Result<[UInt8], SecretPromptError>, screen: String) {
    let person = try Person()
    let prompt = try #require(SecretPrompt(input: person.terminal, output: person.terminal))
    let (answers, continuation) = AsyncStream.makeStream(of: Result<[UInt8], SecretPromptError>.self)
    // A thread of its own: the call blocks until somebody types.
    let isStarted = startThread("secret-prompt") {
      continuation.yield(Result { () throws(SecretPromptError) in try prompt.ask("Secret? ") })
      continuation.finish()
    }
    try #require(isStarted)
    var screen = try person.types(keys, after: "Secret? ")
    let answer = try #require(await answers.first { _ in true })
    while screen.utf8.last != UInt8(ascii: "\n") { screen += try person.sees() }
    #expect(!person.isMute)
    return (answer, screen)
  }

  @Test(arguments: [
    ("hidden\r", "hidden"), ("hidden\n", "hidden"), ("wrog\u{7F}ng\r", "wrong"), ("no\u{15}yes\r", "yes"),
    ("sch\u{F6}\u{7F}on\r", "schon"), ("\u{7F}\r", ""),
  ])
  func whatIsTypedIsTakenAndNotShown(keys: String, secret: String) async throws {
    let (answer, screen) = try await asked(keys: keys)
    #expect(answer == .success(Array(secret.utf8)))
    #expect(screen == "Secret? \r\n")
  }

  @Test(arguments: ["half\u{3}", "\u{4}"])
  func whoeverGivesUpHasATerminalThatShowsAgain(keys: String) async throws {
    #expect(try await asked(keys: keys).answer == .failure(.givenUp))
  }

  @Test func aSecretWithoutEndIsRefused() async throws {
    let keys = String(repeating: "x", count: SecretPrompt.byteLimit + 1)
    #expect(try await asked(keys: keys).answer == .failure(.tooLong))
  }

  @Test func whereThereIsNoTerminalNobodyIsAsked() throws {
    let person = try Person()
    let file = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(file) }
    #expect(SecretPrompt(input: file, output: person.terminal) == nil)
    #expect(SecretPrompt(input: person.terminal, output: file) == nil)
  }
}
