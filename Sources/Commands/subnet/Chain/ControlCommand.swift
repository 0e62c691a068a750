import Daemon
import JSONText
import Keys
import Ledger
import Neurons
import Primitives

/// `subnet chain`: moves the blocks of a local network by hand.
enum ControlCommand {
  static let sudo = Option(
    "sudo", .text("KEY", expected: "//name"), default: "//Alice",
    purpose: "The genesis's sudo key, which signs the request: //name of a development key (unsafe elsewhere).")
  static let json = Option(flag: "json", purpose: "Print the newest block as JSON.")
  static let block = Option<UInt64?>(
    optional: "block", .integer(0...UInt64(Int64.max)),
    purpose: "Ahead by making blocks, or back: later blocks are gone."
  )
  static let epoch = Option<UInt16?>(
    optional: "epoch", .integer(), purpose: "The block in which this subnet's next epoch runs.")

  static let table = CommandDescription(
    "chain", purpose: "Move the blocks of a local network by hand.",
    commands: [
      advance,
      command(
        "snapshot", "Note the present under a name, until the node ends.", [name], "subnet chain snapshot before-vote"),
      command(
        "restore", "Go back to a noted point; all later blocks are gone.", [name], "subnet chain restore before-vote"),
      command(
        "set-balance", "Give an account a free balance in the next block.",
        [
          .init("ACCOUNT", purpose: "An address, 64 hexadecimal digits, or //name."),
          .init("AMOUNT", purpose: "TAO, such as 12.5."),
        ], "subnet chain set-balance //miner 1000"),
      CommandDescription(
        "goto", purpose: "Go to a block, or to a subnet's next epoch.",
        options: [block, epoch, sudo, json] + ChainOptions.all, example: "subnet chain goto --epoch 1"),
    ], example: "subnet chain advance 1000")

  /// Authors need it most, so it is also a command of its own: `subnet advance`.
  static let advance = command(
    "advance", "Make so many blocks at once.", [.init("N", purpose: "How many.")], "subnet advance 1000")

  private static let name = CommandDescription.Positional("NAME", purpose: "1 to 64 of a-z, 0-9, _ and -.")

  private static func command(
    _ name: String, _ purpose: String, _ positionals: [CommandDescription.Positional], _ example: String
  ) -> CommandDescription {
    CommandDescription(
      name, purpose: purpose, options: [sudo, json] + ChainOptions.all, positionals: positionals,
      example: example)
  }

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    guard let key = KeyPair(developmentReference: arguments[sudo]) else {
      throw CommandMistake("--sudo is \"\(arguments[sudo])\": expected //name")
    }
    let head = try await ChainOptions.withClient(arguments, signingAs: key) { client in
      try await move(arguments, client, key)
    }
    if arguments[json] {
      let document: JSONValue = [
        "height": JSONValue(head.number.value), "state_root": .text("\(head.stateRoot)"),
      ]
      Terminal.standardOutput.write(document.compactText + "\n")
    } else {
      Terminal.standardOutput.write("the newest block is \(head.number), state root \(head.stateRoot)\n")
    }
    return .done
  }

  private static func move(
    _ arguments: ParsedArguments, _ client: ChainClient, _ key: KeyPair
  ) async throws -> ControlledHead {
    switch arguments.command.last {
    case "advance":
      guard let count = UInt64(arguments.positionals[0]), (1...10_000_000).contains(count) else {
        throw CommandMistake("N is \"\(arguments.positionals[0])\": expected a whole number from 1 to 10000000")
      }
      return try await client.advance(by: count)
    case "snapshot": return try await client.keepPoint(named: arguments.positionals[0])
    case "restore": return try await client.returnToPoint(named: arguments.positionals[0])
    case "set-balance": return try await setBalance(arguments, client, key)
    default:
      switch (arguments[block], arguments[epoch]) {
      case (let target?, nil): return try await client.goTo(BlockNumber(target))
      case (nil, let netuid?): return try await client.goToNextEpoch(of: NetUID(netuid))
      default: throw CommandMistake("give one of --block and --epoch")
      }
    }
  }

  private static func setBalance(
    _ arguments: ParsedArguments, _ client: ChainClient, _ key: KeyPair
  ) async throws -> ControlledHead {
    let (name, text) = (arguments.positionals[0], arguments.positionals[1])
    guard let account = try FieldContext(wallets: nil, parameterName: nil).account(name, isWanted: true),
      let amount = Rao(tao: text)
    else {
      throw CommandMistake("\"\(text)\" is no amount of TAO")
    }
    let (head, inclusion) = try await client.setBalance(of: account, to: amount, signedBy: key)
    guard let inclusion else { throw BalanceRefused(reason: "it is in no block yet") }
    guard inclusion.isSuccess else { throw BalanceRefused(reason: inclusion.reason) }
    guard case .unsigned(let result)? = inclusion.event("sudid")?["result"], result != 0 else { return head }
    let code = LedgerErrorCode(rawValue: UInt16(clamping: result))
    throw BalanceRefused(reason: code.map { "\($0.name): \($0.meaning); \($0.remedy)" } ?? "error \(result)")
  }
}

/// The chain took the request in and did not do it.
private struct BalanceRefused: ExitCoding, CustomStringConvertible {
  let reason: String

  var exitCode: ExitCode { .failed }
  var description: String { "the balance is as it was: \(reason)" }
}
