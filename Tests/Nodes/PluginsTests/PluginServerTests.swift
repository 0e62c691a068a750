import Daemon
import ExampleSubnets
import Glibc
import Plugins
import Primitives
import SubnetKit
import Testing

/// A mechanism of this program, spoken to through pipes as a node would.
@Suite(.timeLimit(.minutes(20))) struct PluginServerTests {
  /// Sends requests one after another and gives the answers in the order in which they come.
  private func conversation(_ requests: [PluginRequest]) async throws -> ([PluginReply?], ExitCode) {
    var (input, output): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    try #require(pipe(&input) == 0 && pipe(&output) == 0)
    defer { close(input[0]) }
    let (source, sink, reader) = (input[0], output[1], output[0])
    async let code = PluginServer.serve(Adder.self, input: source, output: sink)
    var assembler = FrameAssembler(limit: 2 << 20)
    var replies: [PluginReply?] = []
    for (index, request) in requests.enumerated() {
      writeAll(PluginFrame.framed(try request.encoded(id: UInt64(index), timeLimit: .seconds(1))), to: input[1])
      let (id, reply) = try PluginReply.decode(try #require(await nextMessage(from: reader, &assembler)))
      #expect(id == UInt64(index))
      replies.append(reply)
    }
    close(input[1])
    let ended = await code
    close(reader)
    return (replies, ended)
  }

  /// Reads on a thread of its own, since reading blocks.
  private func nextMessage(from descriptor: Int32, _ assembler: inout FrameAssembler) async throws -> [UInt8]? {
    while true {
      if let message = try assembler.next() { return message }
      let piece = await withCheckedContinuation { continuation in
        let isStarted = startThread("reader") {
          var buffer = [UInt8](repeating: 0, count: 4096)
          let count = read(descriptor, &buffer, buffer.count)
          continuation.resume(returning: Array(buffer.prefix(max(0, count))))
        }
        if !isStarted { continuation.resume(returning: []) }
      }
      guard !piece.isEmpty else { return nil }
      assembler.append(piece)
    }
  }

  @Test func aSwiftMechanismGreetsIsSetUpAsksAnswersAndScores() async throws {
    let (start, code) = try await conversation([
      .hello(protocolVersion: 1), .setUp(.validator, options: []), .makeTask(.first, seed: 5),
    ])
    #expect(code == .done)
    #expect(
      start[0]
        == .greeting(
          PluginGreeting(name: "adder", version: 1, summary: "miners add two numbers", concurrency: 16)))
    #expect(start[1] == .ready())
    guard case .task(let task) = start[2] else {
      Issue.record("no task: \(String(describing: start[2]))")
      return
    }
    let (answers, _) = try await conversation([.setUp(.miner, options: []), .forward(task.request, .soon)])
    guard case .response(let response) = answers[1] else {
      Issue.record("no response: \(String(describing: answers[1]))")
      return
    }
    let honest = AnswerBytes(miner: .of(1), uid: UID(1), response: response, latency: .milliseconds(1))
    let (scores, _) = try await conversation([
      .setUp(.validator, options: []), .score([honest, .of(2, "x")], task, .now), .checkpoint,
    ])
    guard case .scores(let worths) = scores[1] else {
      Issue.record("no scores: \(String(describing: scores[1]))")
      return
    }
    #expect(worths.map(\.billionths) == [1_000_000_000, 0])
    #expect(scores[2] == .memory(nil))
  }

  @Test func whatIsAskedTooEarlyOrWronglyIsAFailureAndNoEnd() async throws {
    let (replies, code) = try await conversation([
      .checkpoint, .setUp(.miner, options: ["speed=1"]), .setUp(.miner, options: []), .forward([1, 2, 3], .soon),
    ])
    let codes = replies.map { reply -> String? in
      if case .failure(let code, _) = reply { code } else { nil }
    }
    #expect(codes == ["failed", "invalid_option", nil, "malformed_request"])
    #expect(code == .done)
  }
}
