import Daemon
import Glibc
import Primitives
import Storage
import Testing

/// Four lanes of a simple hash: spreads well enough for tests, and resists nobody.
@Sendable func testHash(_ bytes: [UInt8]) -> Hash256 {
  var result: [UInt8] = []
  var lanes: (UInt64, UInt64) = (0x243F_6A88_85A3_08D3 ^ UInt64(bytes.count), 0x1319_8A2E_0370_7344)
  bytes.withUnsafeBytes { bytes in
    // Without an iterator, which is slow in a debug build.
    var place = 0
    while place < bytes.count {
      let byte = UInt64(bytes[place])
      lanes.0 = (lanes.0 ^ byte) &* 0x0000_0100_0000_01B3
      lanes.1 = (lanes.1 &+ byte &+ 1) &* 0x9FB2_1C65_1E98_DF25
      lanes.1 ^= lanes.1 >> 29
      place &+= 1
    }
  }
  for word in [lanes.0, lanes.1, lanes.0 ^ (lanes.1 << 1), lanes.1 &+ (lanes.0 >> 3)] {
    withUnsafeBytes(of: word) { result += $0 }
  }
  return Hash256(result)!
}

let testGenesis = testHash(Array("genesis".utf8))

/// A number of a nightly run from the environment, or that of every run.
func figure(_ name: String, _ preset: Int) -> Int { processEnvironment()[name].flatMap { Int($0) } ?? preset }

/// A folder of its own for each test, gone with it.
final class TemporaryFolder: Sendable {
  let path: String

  init() {
    var template = Array("/tmp/storage-tests-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
  }

  deinit { TemporaryFolder.remove(path) }

  static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func remove(_ path: String) {
    for name in names(in: path) where unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// Copies the files of a folder, as they are now, into a new one below this.
  func copy(of source: String, to name: String) throws -> String {
    let target = "\(path)/\(name)"
    TemporaryFolder.remove(target)
    try makeFolders(target)
    for file in TemporaryFolder.names(in: source) where access("\(source)/\(file)", R_OK) == 0 {
      try AtomicFile("\(target)/\(file)").write(AtomicFile("\(source)/\(file)").read(limit: 1 << 28))
    }
    return target
  }
}

/// The block of a chain in which everything follows from the height.
func testBlock(_ height: UInt64, extrinsics: Int = 2, bodyBytes: Int = 300) -> StoredBlock {
  var generator = SplitMix64(seed: height)
  func word(_ text: String) -> [UInt8] { Array("\(text) \(height)".utf8) }
  let rows = (0..<extrinsics).map { index in
    StoredExtrinsic(
      id: testHash(word("extrinsic \(index)")), signer: AccountID(testHash(word("signer \(index)")).bytes)!,
      nonce: height, call: "AddStake",
      failure: index % 2 == 0 ? nil : .init(code: 7, name: "NotRegistered", path: "0.2"), fee: Rao(1000 + height))
  }
  let events =
    [
      StoredEvent(
        extrinsicIndex: nil, name: "EpochSettled", netuid: NetUID(3), json: "{\"amount\":\(height)}",
        encoded: word("event"))
    ]
    + (0..<extrinsics).map {
      StoredEvent(extrinsicIndex: UInt32($0), name: "StakeAdded", netuid: nil, json: "{}", encoded: [UInt8($0 % 256)])
    }
  return StoredBlock(
    height: BlockNumber(height), hash: testHash(word("block")),
    parent: height == 0 ? .zero : testHash(Array("block \(height - 1)".utf8)),
    timestampMilliseconds: 1_700_000_000_000 + height, stateRoot: testHash(word("state")), header: word("header"),
    body: (0..<bodyBytes).map { _ in UInt8.random(in: 0...255, using: &generator) }, extrinsics: rows, events: events)
}

func openStore(_ folder: String, options: StoreOptions = StoreOptions()) async throws(StorageError) -> BlockStore {
  try await BlockStore.open(folder, genesis: testGenesis, hash: testHash, options: options)
}

/// The error that the body ends with; nil when it does not.
func storageError(_ body: () async throws -> Void) async -> StorageError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? StorageError
  }
}
