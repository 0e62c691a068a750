import Daemon
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Wallets

/// `subnet faucet`: TAO from the local network's faucet to any account.
enum FaucetCommand {
  static let wallets = Option<String?>(
    optional: "wallet.path", .path, purpose: "Folder of wallets; ~/.subnetkit/wallets without it.")
  static let json = Option(flag: "json", purpose: "One JSON object.")
  static let table = CommandDescription(
    "faucet", purpose: "Send an account TAO from a local network's faucet.",
    options: [wallets] + ChainOptions.all + [json],
    positionals: [
      .init("ACCOUNT", purpose: "A wallet's name, an address, 64 hexadecimal digits, or //name."),
      .init("AMOUNT", purpose: "TAO, such as 12.5."),
    ], example: "subnet faucet //miner 100")

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    let (name, text) = (arguments.positionals[0], arguments.positionals[1])
    let store = try arguments[wallets].map { WalletStore(root: $0) } ?? WalletStore(home: processEnvironment()["HOME"])
    let context = FieldContext(wallets: store, parameterName: nil)
    guard let amount = Rao(tao: text), amount > .zero else {
      throw CommandMistake("AMOUNT is \"\(escapedText(text, limit: 80))\": expected TAO, such as 12.5")
    }
    guard let account = try context.account(name, isWanted: true) else {
      throw CommandMistake("\"\(escapedText(name, limit: 80))\" names no account")
    }
    let (inclusion, after) = try await ChainOptions.withClient(arguments) { client in
      let faucet = DevelopmentAccount.faucet.keyPair
      let inclusion = try await client.submitAndWait(Transfer(to: account, amount: amount), signedBy: faucet)
      return (inclusion, try await client.account(account))
    }
    if arguments[json] {
      let document: JSONValue = [
        "account": .text(account.address), "amount_rao": JSONValue(amount.value),
        "block": JSONValue(inclusion.block.value), "free_rao": JSONValue(after.free.value),
      ]
      Terminal.standardOutput.write(document.compactText + "\n")
    } else {
      Terminal.standardOutput.write(
        "\(amount) TAO to \(account.address) in block \(inclusion.block); it has \(after.free) TAO\n")
    }
    return .done
  }
}
