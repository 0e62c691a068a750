import ChainNode
import Daemon
import JSONText
import Keys
import Primitives
import Storage

/// What the sub-commands that work on a state folder have in common.
struct StateCommand {
  /// The options that say which chain is meant.
  static let options: [any DescribedOption] = [
    ChainOptions.state, ChainOptions.profile, ChainOptions.genesis, ChainOptions.authority, ChainOptions.json,
  ]

  let genesis: ChainGenesis
  let folder: StoreFolder
  let json: Bool

  init(_ arguments: ParsedArguments) throws {
    genesis = try ChainOptions.genesis(ofKeptChain: arguments)
    folder = StoreFolder(path: ChainOptions.stateFolder(of: arguments))
    json = arguments[ChainOptions.json]
  }

  /// Refuses a folder without blocks, which opening would only make.
  func requireStore() throws {
    guard folder.hasStore else { throw StateMistake("there are no blocks in \(folder.path); name another --state") }
  }

  /// The hash that stores are made with.
  static let hash: BlockHash = { Hash256(hashing: $0) }

  /// Prints the result: an object for machines, or a sentence.
  func tell(_ sentence: String, _ members: [JSONMember]) {
    Terminal.standardOutput.write((json ? JSONValue.object(members).compactText : sentence) + "\n")
  }
}

/// Something about files that was wrong before any work began.
struct StateMistake: ExitCoding, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  var exitCode: ExitCode { .usage }
}

/// A log that tells how far it was read.
struct WatchedBlockLog: BlockLog {
  let log: StoredBlockLog
  let progress: @Sendable (BlockNumber) -> Void

  func head() async throws(StorageError) -> LogHead? { try await log.head() }
  func append(_ block: StoredBlock) async throws(StorageError) -> AppendResult { try await log.append(block) }
  func block(at height: BlockNumber) async throws(StorageError) -> StoredBlock? { try await log.block(at: height) }
  func receipt(of id: Hash256) async throws(StorageError) -> StoredReceipt? { try await log.receipt(of: id) }
  func latestSnapshot() async throws(StorageError) -> StoredSnapshot? { try await log.latestSnapshot() }
  func save(_ snapshot: StoredSnapshot) async throws(StorageError) { try await log.save(snapshot) }

  func beginning() async throws(StorageError) -> [UInt8]? { try await log.beginning() }

  func blocks(from first: BlockNumber, limit: Int) async throws(StorageError) -> [StoredBlock] {
    progress(first)
    return try await log.blocks(from: first, limit: limit)
  }
}

/// Lines on standard error while something takes long: one for every tenth of the way.
final class Progress: Sendable {
  private let verb: String
  private let last: UInt64

  init(_ verb: String, to last: BlockNumber) {
    self.verb = verb
    self.last = last.value
  }

  /// Tells when a batch of 64 blocks crosses a tenth.
  func reached(_ height: BlockNumber, batch: UInt64 = 64) {
    guard last >= 1000 else { return }
    let tenth = last / 10
    guard height.value / tenth != (height.value - min(height.value, batch)) / tenth else { return }
    Terminal.standardError.write("chain: \(verb) block \(height) of \(last)\n")
  }
}
