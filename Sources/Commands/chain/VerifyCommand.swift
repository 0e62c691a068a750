import ChainNode
import Daemon
import JSONText
import Primitives
import Storage

/// `chain verify`: checks every page, table, digest and snapshot, and executes every block again where asked.
enum VerifyCommand {
  static let replay = Option(
    flag: "replay", purpose: "Also execute every block from genesis and compare every state root.")

  static let table = CommandDescription(
    "verify", purpose: "Checks everything that a stopped node has stored.",
    options: StateCommand.options + [replay], example: "chain verify --profile local --state /tmp/chain")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let command = try StateCommand(arguments)
    try command.requireStore()
    Terminal.standardError.write("chain: checking pages, tables and digests\n")
    let isReplayed = arguments[replay]
    let (report, recent): (VerificationReport, RecentBlocks)
    do {
      (report, recent) = try await verified(command, fromGenesis: isReplayed)
    } catch {
      if (error as? any ExitCoding)?.exitCode == .damagedData { try note(false, at: .genesis, of: command) }
      throw error
    }
    try note(true, at: recent.newest.number, of: command)
    let height = recent.newest.number
    let extent =
      isReplayed ? "every block was executed again" : "the blocks since the newest snapshot were executed again"
    command.tell(
      "verified \(report.blocks) blocks, \(report.snapshots) snapshots and \(report.pages) pages up to block \(height), "
        + "state root \(recent.newest.stateRoot); \(extent)",
      [
        JSONMember("verified", .flag(true)), JSONMember("height", JSONValue(height.value)),
        JSONMember("state_root", JSONValue(recent.newest.stateRoot.description)),
        JSONMember("blocks", JSONValue(report.blocks)), JSONMember("snapshots", JSONValue(report.snapshots)),
        JSONMember("pages", JSONValue(report.pages)), JSONMember("replayed_from_genesis", .flag(isReplayed)),
      ])
    return .done
  }

  private static func verified(
    _ command: StateCommand, fromGenesis: Bool
  ) async throws -> (VerificationReport, RecentBlocks) {
    let store = try await BlockStore.open(
      command.folder.path, genesis: command.genesis.chainID, hash: StateCommand.hash)
    let report = try await store.verify()
    let recent = try await check(store, of: command, fromGenesis: fromGenesis, head: report.head ?? .genesis)
    try await store.close()
    return (report, recent)
  }

  /// Leaves the result for the metrics of the node that runs there next.
  private static func note(_ isOK: Bool, at height: BlockNumber, of command: StateCommand) throws {
    try VerificationNote(isOK: isOK, height: height, milliseconds: SystemWallClock().millisecondsSince1970)
      .write(to: command.folder.path)
  }

  /// Replays as a start of the node does, or from genesis.
  static func check(
    _ store: BlockStore, of command: StateCommand, fromGenesis: Bool, head: BlockNumber
  ) async throws -> RecentBlocks {
    let progress = Progress("executing", to: head)
    let log = WatchedBlockLog(log: StoredBlockLog(store)) { progress.reached($0) }
    let logger = Logger.standardError(name: "chain", level: .warning)
    return try await ChainReplay(genesis: command.genesis, log: log, logger: logger)
      .run(usesSnapshot: !fromGenesis)
  }
}
