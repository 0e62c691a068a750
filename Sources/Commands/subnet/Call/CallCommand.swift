import Daemon
import JSONText
import Keys
import Ledger
import Neurons
import Primitives
import Wallets
import Wire

/// `subnet call NAME`: signs any transaction and waits until it is in a block; made from the ledger's table of calls.
enum CallCommand {
  static let wallet = Option<String>(
    required: "wallet.name", .text("NAME", expected: "a wallet's name, or //NAME for a development key"),
    purpose: "Who signs.")
  static let hotkey = Option<String?>(
    optional: "wallet.hotkey", .text("NAME", expected: "a hotkey's name, or //NAME for a development key"),
    purpose: "Sign with this hotkey of the wallet, for calls that hotkeys send.")
  static let password = Option<String?>(
    optional: "wallet.password-file", .path,
    purpose: "File with the key's password, one line; asked for at a terminal without it.")
  static let wallets = Option<String?>(
    optional: "wallet.path", .path, purpose: "Folder of wallets; ~/.subnetkit/wallets without it.")
  static let sudo = Option(flag: "sudo", purpose: "Run the call as root, on the word of the sudo key that signs.")
  static let json = Option(flag: "json", purpose: "Print the receipt as JSON.")

  static let signing: [any DescribedOption] = [wallet, hotkey, password, wallets]

  static let table = CommandDescription(
    "call", purpose: "Sign a transaction, send it, and wait until it is in a block.",
    commands: CallTable.all.map { command(for: $0) },
    example: "subnet call transfer --wallet.name //faucet --to //miner --amount 5")

  private static func command(for call: any LedgerCall.Type) -> CommandDescription {
    let descriptor = call.descriptor
    return CommandDescription(
      kebab(descriptor.fieldName), purpose: "\(descriptor.summary) Signed by: \(descriptor.signer.rawValue).",
      options: FieldOptions(fields(of: call), requiresValues: true).options + signing + [sudo]
        + ChainOptions.besideFields + [
          json
        ],
      example: example(of: descriptor, fields(of: call)))
  }

  private static func example(of descriptor: CallDescriptor, _ fields: [FieldText]) -> String {
    let values = fields.filter(\.isNeeded).map { "--\($0.optionName) \($0.placeholder)" }
    let signer = descriptor.signer == .hotkey ? "--wallet.name alice --wallet.hotkey default" : "--wallet.name alice"
    return (["subnet call", kebab(descriptor.fieldName), signer] + values)
      .joined(separator: " ")
  }

  private static func fields(of call: any LedgerCall.Type) -> [FieldText] {
    guard let message = MessageName.call.fields.first(where: { $0.name == call.descriptor.fieldName }),
      case .message(let name) = message.kind
    else { return [] }
    let descriptions = call.fieldDescriptions
    return name.fields.map { field in
      FieldText(field: field, description: descriptions.first { $0.name == field.name })
    }
  }

  static func run(_ arguments: ParsedArguments) async throws -> ExitCode {
    guard let type = CallTable.all.first(where: { kebab($0.descriptor.fieldName) == arguments.command.last }) else {
      preconditionFailure("the table lists a command for each call")
    }
    let call = try call(type, arguments)
    let key = try key(arguments, signer: type.descriptor.signer)
    let inclusion = try await ChainOptions.withClient(arguments) { client in
      if arguments[sudo] {
        let inner = try WireCodec.encode(call.message, as: .call)
        return try await client.submitAndWait(Sudo(call: inner), signedBy: key)
      }
      return try await submit(call, to: client, key)
    }
    print(inclusion, of: type.descriptor.name, key, json: arguments[json])
    guard case .unsigned(let result)? = inclusion.event("sudid")?["result"], result != 0 else { return .done }
    let code = LedgerErrorCode(rawValue: UInt16(clamping: result))
    throw RootCallFailed(name: type.descriptor.name, code: code, number: result)
  }

  private static func submit(_ call: some LedgerCall, to client: ChainClient, _ key: KeyPair) async throws -> Inclusion
  {
    try await client.submitAndWait(call, signedBy: key)
  }

  /// The call that the options say, read as the chain would read it.
  private static func call(_ type: any LedgerCall.Type, _ arguments: ParsedArguments) throws -> any LedgerCall {
    let options = FieldOptions(fields(of: type), requiresValues: true)
    let context = FieldContext(wallets: try? store(arguments), parameterName: arguments.text(of: "name"))
    let fields = try options.fields(in: arguments, context: context)
    let message = try WireCodec.encode([type.descriptor.fieldName: .group(fields)].asFields, as: .call)
    do throws(LedgerError) {
      return try CallTable.call(from: try? WireCodec.decode(message, as: .call))
    } catch {
      throw CommandMistake("\(type.descriptor.name) cannot be made of these values: \(error)")
    }
  }

  private static func store(_ arguments: ParsedArguments) throws -> WalletStore {
    if let path = arguments[wallets] { return WalletStore(root: path) }
    return try WalletStore(home: homeFolder())
  }

  private static func key(_ arguments: ParsedArguments, signer: CallDescriptor.Signer) throws -> KeyPair {
    let store = try store(arguments)
    let password = PasswordSource(file: arguments[password])
    if let hotkey = arguments[hotkey] {
      return try password.unlock { secret throws(WalletError) in
        try store.hotkey(hotkey, of: arguments[wallet], password: secret)
      }
    }
    guard signer != .hotkey else {
      throw CommandMistake("this call is signed by a hotkey: give --wallet.hotkey")
    }
    return try password.unlock { secret throws(WalletError) in
      try store.coldkey(of: arguments[wallet], password: secret)
    }
  }

  private static func print(_ inclusion: Inclusion, of name: String, _ key: KeyPair, json: Bool) {
    let output = Terminal.standardOutput
    if json {
      let document: JSONValue = [
        "call": .text(name), "extrinsic": .text("\(inclusion.extrinsic)"), "block": JSONValue(inclusion.block.value),
        "index": JSONValue(inclusion.index), "ok": .flag(inclusion.isSuccess),
        "fee_rao": JSONValue(inclusion.fee.value), "events": .list(inclusion.events.map { FieldsJSON.value($0) }),
      ]
      output.write(document.compactText + "\n")
      return
    }
    let warning = key.isDevelopment ? " (UNSAFE development key)" : ""
    output.write(
      "\(name) by \(key.account.address)\(warning): in block \(inclusion.block), extrinsic \(inclusion.extrinsic)\n")
    for event in inclusion.events { output.write("  \(FieldsJSON.value(event).compactText)\n") }
  }
}

/// The call that root should run was refused; the transaction around it was not.
private struct RootCallFailed: ExitCoding, CustomStringConvertible {
  let name: String
  let code: LedgerErrorCode?
  let number: UInt64

  var exitCode: ExitCode { .failed }
  var description: String {
    guard let code else { return "\(name) as root failed with error \(number), which this program does not know" }
    return "\(name) as root failed: \(code.name): \(code.meaning); \(code.remedy)"
  }
}

extension ParsedArguments {
  /// What was given for an option, whatever its type.
  fileprivate func text(of option: String) -> String? { origins.first { $0.name == option }?.value }
}

extension Dictionary where Key == String, Value == FieldValue {
  fileprivate var asFields: Fields { Fields(map { .init(name: $0.key, value: $0.value) }) }
}
