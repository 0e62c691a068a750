import Daemon
import JSONText
import Keys
import Primitives
import Wallets

/// `subnet wallet`: makes keys, and shows the addresses of those there are.
enum WalletCommand {
  static let path = Option<String?>(
    optional: "wallet.path", .path, purpose: "Folder of wallets; ~/.subnetkit/wallets without it.")
  static let hotkey = Option<[String]>(
    repeating: "hotkey", .text("NAME", expected: "a name of a-z, 0-9, _ and -"), purpose: "Make this hotkey too.")
  static let passwordFile = Option<String?>(
    optional: "password-file", .path, purpose: "Seal the keys with the password in this file; one line.")
  static let asksPassword = Option(
    flag: "password", purpose: "Ask for a password at the terminal, and seal the keys with it.")
  static let json = Option(flag: "json", purpose: "As JSON.")

  static let create = CommandDescription(
    "create", purpose: "Make a wallet with its coldkey, or hotkeys in one that exists.",
    options: [hotkey, asksPassword, passwordFile, path, json], positionals: [.init("NAME", purpose: "The wallet.")],
    example: "subnet wallet create alice --hotkey default")
  static let list = CommandDescription(
    "list", purpose: "Show every wallet with its keys.", options: [path, json], example: "subnet wallet list")
  static let show = CommandDescription(
    "show", purpose: "Show one wallet, or a development key such as //Alice.", options: [path, json],
    positionals: [.init("NAME", purpose: "The wallet.")], example: "subnet wallet show alice")
  static let table = CommandDescription(
    "wallet", purpose: "Make and show keys.", commands: [create, list, show], example: "subnet wallet list")

  static func run(_ arguments: ParsedArguments) throws -> ExitCode {
    let store = try arguments[path].map { WalletStore(root: $0) } ?? WalletStore(home: homeFolder())
    let name = arguments.positionals.first ?? ""
    switch arguments.command.last {
    case create.name:
      try make(name, in: store, arguments)
      print([try store.summary(of: name)], json: arguments[json])
    case show.name:
      if let pair = KeyPair(developmentReference: name) {
        print(pair, json: arguments[json])
      } else {
        print([try store.summary(of: name)], json: arguments[json])
      }
    default: print(try store.list(), json: arguments[json])
    }
    return .done
  }

  private static func make(_ name: String, in store: WalletStore, _ arguments: ParsedArguments) throws {
    let secret = try PasswordSource(file: arguments[passwordFile]).chosen(isAsked: arguments[asksPassword])
    let hotkeys = arguments[hotkey]
    let exists = try store.list().contains { $0.name.text == name && $0.coldkey != nil }
    // Only hotkeys can be added to a wallet that is there; a coldkey is never replaced.
    if !exists || hotkeys.isEmpty { try store.create(name, password: secret) }
    for hotkey in hotkeys { try store.createHotkey(hotkey, in: name, password: secret) }
  }

  private static func print(_ pair: KeyPair, json: Bool) {
    let document: JSONValue = [
      "name": .text("//\(pair.developmentName ?? "")"), "address": .text(pair.account.address),
      "public_key": .text("\(pair.account)"), "unsafe": true,
    ]
    Terminal.standardOutput.write(
      json
        ? document.compactText + "\n"
        : "//\(pair.developmentName ?? "")  \(pair.account.address)  UNSAFE: everybody can derive this key\n")
  }

  private static func print(_ wallets: [WalletSummary], json: Bool) {
    if json {
      Terminal.standardOutput.write(JSONValue.list(wallets.map(document)).compactText + "\n")
      return
    }
    guard !wallets.isEmpty else {
      Terminal.standardError.write("No wallet is there yet; make one with 'subnet wallet create NAME'.\n")
      return
    }
    var table = TextTable([.init("wallet"), .init("key"), .init("address"), .init("")])
    for wallet in wallets {
      if let coldkey = wallet.coldkey { table.append([wallet.name.text, "coldkey"] + cells(coldkey)) }
      for hotkey in wallet.hotkeys { table.append([wallet.name.text, hotkey.name.text] + cells(hotkey.status)) }
    }
    Terminal.standardOutput.write(table.lines().joined(separator: "\n") + "\n")
  }

  private static func cells(_ status: KeyStatus) -> [String] {
    switch status {
    case .usable(let account, let isSealed): [account.address, isSealed ? "sealed" : ""]
    case .unusable(let error): ["-", error.description]
    }
  }

  private static func document(_ wallet: WalletSummary) -> JSONValue {
    [
      "name": .text(wallet.name.text), "coldkey": wallet.coldkey.map(document) ?? .null,
      "hotkeys": .list(
        wallet.hotkeys.map { ["name": .text($0.name.text), "key": document($0.status)] }),
    ]
  }

  private static func document(_ status: KeyStatus) -> JSONValue {
    switch status {
    case .usable(let account, let isSealed):
      ["address": .text(account.address), "public_key": .text("\(account)"), "sealed": .flag(isSealed)]
    case .unusable(let error): ["error": .text(error.description)]
    }
  }
}
