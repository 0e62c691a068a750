import Daemon
import Glibc
import Testing

@Suite(.timeLimit(.minutes(20))) struct LineServerTests {
  let folder = TemporaryFolder()
  private var path: String { folder.path + "/control.sock" }
  /// Nobody waits so long when all is well.
  private static let patience: Duration = .seconds(300)

  /// Answers every question with itself, for as long as `body` runs.
  private func withEcho(
    limit: Duration = patience, _ body: @Sendable (LineServer) async throws -> Void
  ) async throws {
    let server = try LineServer(at: path, exchangeLimit: limit)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { for await question in server.questions { question.answer("echo " + question.line) } }
      try await body(server)
      await server.close()
      try await group.waitForAll()
    }
  }

  @Test func aLineIsAnsweredWithALine() async throws {
    try await withEcho { (_: LineServer) async throws in
      #expect(try await askLine("hello", at: path, within: Self.patience) == "echo hello")
      #expect(try await askLine("", at: path, within: Self.patience) == "echo ")
      let long = String(repeating: "x", count: 60_000)
      #expect(try await askLine(long, at: path, within: Self.patience) == "echo " + long)
    }
  }

  @Test func manyCallersAtOnceAreAllAnswered() async throws {
    try await withEcho { (_: LineServer) async throws in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<60 {
          group.addTask { try await askLine("\(number)", at: path, within: Self.patience) == "echo \(number)" }
        }
        for try await isRight in group { #expect(isRight) }
      }
    }
  }

  @Test func onlyTheOwnerMayConnect() async throws {
    try await withEcho { (_: LineServer) async throws in
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
    }
  }

  @Test func aNameTooLongForTheSystemIsReachedAllTheSame() async throws {
    let deep = folder.path + "/" + String(repeating: "d", count: 150)
    try makeFolders(deep)
    let server = try LineServer(at: deep + "/control.sock", exchangeLimit: Self.patience)
    async let first = server.questions.first { _ in true }
    async let answer = askLine("far", at: deep + "/control.sock", within: Self.patience)
    try #require(await first).answer("away")
    #expect(try await answer == "away")
    await server.close()
    try removeTree(deep)
  }

  @Test func aLineWithoutAnEndIsCutOff() async throws {
    try await withEcho { (_: LineServer) async throws in
      await #expect(throws: SocketError.self) {
        try await askLine(String(repeating: "x", count: 1 << 20), at: path, within: Self.patience)
      }
      #expect(try await askLine("still here", at: path, within: Self.patience) == "echo still here")
    }
  }

  @Test func whoSaysNothingIsHungUpOn() async throws {
    try await withEcho(limit: .milliseconds(20)) { (_: LineServer) async throws in
      // The question has no newline, so its caller waits for the answer and the server for the rest.
      for words in ["hal", ""] {
        let caller = try silentCaller(saying: words)
        var byte: UInt8 = 0
        let count = read(caller, &byte, 1)
        // An end with something unread is a reset.
        #expect(count == 0 || (count < 0 && errno == ECONNRESET))
        close(caller)
      }
    }
  }

  /// A connection that sends half a line, or nothing.
  private func silentCaller(saying words: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(code == 0)
    // Who is slow to say it may have been hung up on already.
    let count = send(descriptor, words, words.utf8.count, Int32(MSG_NOSIGNAL))
    #expect(count == words.utf8.count || errno == EPIPE)
    return descriptor
  }

  @Test func nobodyListeningIsToldFromNoAnswer() async throws {
    await #expect(throws: SocketError.self) { try await askLine("x", at: path, within: Self.patience) }
    let server = try LineServer(at: path, exchangeLimit: Self.patience)
    do throws(SocketError) {
      _ = try await askLine("x", at: path, within: .milliseconds(30))
      Issue.record("nobody answered")
    } catch {
      #expect(!error.isAbsence)
      #expect(error.description.contains("no answer within 30ms"))
    }
    await server.close()
    do throws(SocketError) {
      _ = try await askLine("x", at: path, within: Self.patience)
    } catch {
      #expect(error.isAbsence)
    }
  }

  @Test func aSocketLeftByADeadProcessIsReplaced() async throws {
    try AtomicFile(path).write([])
    try await withEcho { (_: LineServer) async throws in
      #expect(try await askLine("new", at: path, within: Self.patience) == "echo new")
    }
    #expect(FileMark(path) == nil)
  }

  @Test func closingEndsCallersThatWait() async throws {
    let server = try LineServer(at: path, exchangeLimit: Self.patience)
    let path = path
    let caller = Task { try await askLine("x", at: path, within: Self.patience) }
    _ = await server.questions.first { _ in true }
    await server.close()
    await #expect(throws: SocketError.self) { try await caller.value }
  }
}
