import Daemon
import Glibc
import Primitives
import Storage
import Testing

@Suite(.timeLimit(.minutes(20))) struct KillTests {
  /// A process that appends as fast as it can and says which blocks were acknowledged, until it is killed.
  @Test(arguments: 0..<12) func noAcknowledgedBlockIsLostToAKill(round: Int) async throws {
    let folder = TemporaryFolder()
    let path = "\(folder.path)/chain"
    let result = await #expect(processExitsWith: .signal(SIGKILL), observing: [\.standardOutputContent]) {
      [path = path as String, round = round as Int] in
      let store = try await openStore(path)
      // The random moment comes from the machine: it is the kill that has to be survived, not its replay.
      let hasStarted = startThread("killer") {
        usleep(UInt32(20_000 * round / 12 + Int.random(in: 0...3000)))
        kill(getpid(), SIGKILL)
      }
      guard hasStarted else { exit(3) }
      for height in 0... as PartialRangeFrom<UInt64> {
        try await store.append(testBlock(height))
        writeAll(Array("\nacknowledged \(height)\n".utf8), to: STDOUT_FILENO)
        if height % 50 == 49 {
          try await store.save(StoredSnapshot(height: BlockNumber(height), stateRoot: .zero, body: [1, 2, 3]))
        }
      }
    }
    let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    let acknowledged = output.split(separator: "\n").compactMap { line in
      line.hasPrefix("acknowledged ") ? UInt64(line.dropFirst(13)) : nil
    }
    let store = try await openStore(path)
    let head = await store.head?.height.value
    if let last = acknowledged.last { #expect(try #require(head) >= last) }
    #expect(try await store.verify().head?.value == head)
    for height in 0..<(head.map { $0 + 1 } ?? 0) {
      #expect(try await store.history.block(at: BlockNumber(height)) == testBlock(height))
    }
    try await store.append(testBlock(head.map { $0 + 1 } ?? 0))
  }
}
