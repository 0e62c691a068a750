import ChainNode
import Daemon
import JSONText
import Primitives
import Storage

/// `chain backup`: a compact copy of all blocks in one file, also while the node runs.
enum BackupCommand {
  static let table = CommandDescription(
    "backup", purpose: "Writes all blocks to one file, also while the node runs, with its digest in FILE.b2.",
    options: StateCommand.options,
    positionals: [.init("FILE", purpose: "The file to make; it must not be there yet.")],
    example: "chain backup --state /tmp/chain /backup/chain.sqlite")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let command = try StateCommand(arguments)
    try command.requireStore()
    let file = arguments.positionals[0]
    try BackupDigest.requireAbsence(of: file)
    let history = try await command.folder.openHistory(genesis: command.genesis.chainID, hash: StateCommand.hash)
    try await history.backUp(to: file)
    let copy = try await StoreFolder.history(ofBackup: file, genesis: command.genesis.chainID, hash: StateCommand.hash)
    let head = try await copy.head()
    let digest = try BackupDigest.write(for: file)
    command.tell(
      "backed up \(head.map { "blocks up to \($0.height)" } ?? "no blocks") to \(file), BLAKE2b-256 \(digest)",
      [
        JSONMember("file", JSONValue(file)), JSONMember("height", head.map { JSONValue($0.height.value) } ?? nil),
        JSONMember("state_root", head.map { JSONValue($0.stateRoot.description) } ?? nil),
        JSONMember("blake2b", JSONValue(digest.description)),
      ])
    return .done
  }
}

/// `chain restore`: makes a state folder from a backup, after checking all of it.
enum RestoreCommand {
  static let table = CommandDescription(
    "restore", purpose: "Makes a new state folder from a backup, after checking all of it.",
    options: StateCommand.options, positionals: [.init("FILE", purpose: "A file that chain backup made.")],
    example: "chain restore --state /tmp/chain-again /backup/chain.sqlite")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let command = try StateCommand(arguments)
    let file = arguments.positionals[0]
    guard !command.folder.hasStore else {
      throw StateMistake("\(command.folder.path) holds blocks already; restore into another --state")
    }
    Terminal.standardError.write("chain: checking \(file)\n")
    try BackupDigest.check(file)
    let report = try StoreFolder.restore(
      file, into: command.folder.path, genesis: command.genesis.chainID, hash: StateCommand.hash)
    let store = try await BlockStore.open(
      command.folder.path, genesis: command.genesis.chainID, hash: StateCommand.hash)
    let recent = try await VerifyCommand.check(
      store, of: command, fromGenesis: false, head: report.head ?? .genesis)
    try await store.close()
    command.tell(
      "restored \(report.blocks) blocks up to block \(recent.newest.number) into \(command.folder.path), state root "
        + "\(recent.newest.stateRoot)",
      [
        JSONMember("state", JSONValue(command.folder.path)),
        JSONMember("height", JSONValue(recent.newest.number.value)),
        JSONMember("state_root", JSONValue(recent.newest.stateRoot.description)),
        JSONMember("blocks", JSONValue(report.blocks)),
      ])
    return .done
  }
}
