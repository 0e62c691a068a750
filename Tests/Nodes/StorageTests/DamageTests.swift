import Daemon
import Glibc
import TestThreads
import Primitives
import Storage
import Testing

@Suite(.computing, .timeLimit(.minutes(20))) struct DamageTests {
  let folder = TemporaryFolder()

  /// A closed store: all in the database file.
  func closedStore(blocks: UInt64) async throws -> String {
    let path = "\(folder.path)/closed"
    let store = try await openStore(path)
    for height in 0..<blocks { try await store.append(testBlock(height)) }
    try await store.save(
      StoredSnapshot(height: BlockNumber(blocks - 1), stateRoot: .zero, body: [UInt8](repeating: 9, count: 20_000)))
    try await store.close()
    return path
  }

  /// A store as a killed process leaves it: the last blocks are in the write-ahead log only.
  func killedStore(blocks: UInt64) async throws -> String {
    let source = "\(folder.path)/running"
    let store = try await openStore(source)
    for height in 0..<blocks { try await store.append(testBlock(height)) }
    return try folder.copy(of: source, to: "killed")
  }

  /// What opening and verifying everything says; nil when all is well.
  func damage(in path: String) async -> StorageError? {
    await storageError {
      let store = try await openStore(path)
      do {
        _ = try await store.verify()
        try await store.close()
      } catch {
        try await store.close()
        throw error
      }
    }
  }

  @Test func everyFlippedByteOfTheDatabaseIsFound() async throws {
    let source = try await closedStore(blocks: 30)
    let original = try AtomicFile("\(source)/blocks.sqlite").read(limit: 1 << 28)
    #expect(await damage(in: try folder.copy(of: source, to: "whole")) == nil)
    var generator = SplitMix64(seed: 14)
    for round in 0..<300 {
      let path = try folder.copy(of: source, to: "flipped")
      var bytes = original
      // Headers decide how all else is read: half of the damages go there.
      let place = round % 2 == 0 ? round / 2 : Int.random(in: 0..<bytes.count, using: &generator)
      bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
      try AtomicFile("\(path)/blocks.sqlite").write(bytes)
      let error = await damage(in: path)
      #expect(error?.exitCode == .damagedData, "byte \(place): \(error.map(\.description) ?? "not found")")
    }
  }

  @Test func everyZeroedPageAndEveryCutIsFound() async throws {
    let source = try await closedStore(blocks: 30)
    let original = try AtomicFile("\(source)/blocks.sqlite").read(limit: 1 << 28)
    for page in 0..<original.count / 4096 {
      let path = try folder.copy(of: source, to: "zeroed")
      var bytes = original
      bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
      try AtomicFile("\(path)/blocks.sqlite").write(bytes)
      #expect(await damage(in: path)?.exitCode == .damagedData, "page \(page)")
    }
    for length in stride(from: 0, to: original.count, by: 1777) {
      let path = try folder.copy(of: source, to: "cut")
      try AtomicFile("\(path)/blocks.sqlite").write(Array(original[..<length]))
      #expect(await damage(in: path)?.exitCode == .damagedData, "\(length) bytes are left")
    }
  }

  @Test func aDamagedLogIsFoundWhereverItHoldsAnAcknowledgedBlock() async throws {
    let source = try await killedStore(blocks: 12)
    let original = try AtomicFile("\(source)/blocks.sqlite-wal").read(limit: 1 << 28)
    try #require(original.count > 100_000)
    var generator = SplitMix64(seed: 28)
    for _ in 0..<100 {
      let path = try folder.copy(of: source, to: "flipped")
      var bytes = original
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
      try AtomicFile("\(path)/blocks.sqlite-wal").write(bytes)
      let error = await damage(in: path)
      #expect(error?.exitCode == .damagedData, "byte \(place): \(error.map(\.description) ?? "not found")")
    }
    for length in stride(from: 0, to: original.count, by: 9973) {
      let path = try folder.copy(of: source, to: "cut")
      try AtomicFile("\(path)/blocks.sqlite-wal").write(Array(original[..<length]))
      #expect(await damage(in: path)?.exitCode == .damagedData, "\(length) bytes are left")
    }
    #expect(await damage(in: try folder.copy(of: source, to: "whole")) == nil)
  }

  @Test func theFirstDamagedBlockIsNamed() async throws {
    let path = try await closedStore(blocks: 300)
    var bytes = try AtomicFile("\(path)/blocks.sqlite").read(limit: 1 << 28)
    let body = testBlock(123).body
    let place = try #require(firstIndex(of: body, in: bytes))
    bytes[place] ^= 1
    try AtomicFile("\(path)/blocks.sqlite").write(bytes)
    guard case .damaged(let height?) = await damage(in: path)?.reason else {
      Issue.record("no height")
      return
    }
    // A page holds several blocks, and the first of them is the first that cannot be read.
    #expect(height <= BlockNumber(123) && height > BlockNumber(100))
  }

  private func firstIndex(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
    (0...bytes.count - pattern.count).first { bytes[$0..<$0 + pattern.count].elementsEqual(pattern) }
  }

  @Test func anOlderDatabaseInThePlaceOfTheCurrentOneIsRefused() async throws {
    let path = "\(folder.path)/chain"
    var store = try await openStore(path)
    for height in 0..<3 as Range<UInt64> { try await store.append(testBlock(height)) }
    try await store.close()
    let old = try AtomicFile("\(path)/blocks.sqlite").read(limit: 1 << 28)
    store = try await openStore(path)
    try await store.append(testBlock(3))
    try await store.close()
    try AtomicFile("\(path)/blocks.sqlite").write(old)
    #expect(await storageError { _ = try await openStore(path) }?.reason == .damaged(height: BlockNumber(3)))
  }

  @Test func aWitnessWithoutAWholeNoteIsRefusedAndAMissingOneIsMadeAnew() async throws {
    let path = try await closedStore(blocks: 3)
    let witness = try AtomicFile("\(path)/head").read(limit: 1 << 16)
    try AtomicFile("\(path)/head").write([UInt8](repeating: 1, count: witness.count))
    #expect(await damage(in: path)?.exitCode == .damagedData)
    unlink("\(path)/head")
    #expect(await damage(in: path) == nil)
    #expect(access("\(path)/head", F_OK) == 0)
  }
}
