import Daemon
import JSONText
import Keys
import Ledger
import Primitives
import Wallets
import Wire

/// One field of a message as an option of the command line, and its text as a value.
struct FieldText {
  let field: MessageField
  /// What the ledger says of the field; nil where only the schema is known.
  let description: FieldDescription?

  /// The option's name: `limit_price` is `--limit-price`.
  var optionName: String { String(field.name.map { $0 == "_" ? "-" : $0 }) }

  /// What is to be written for it.
  var form: String {
    if isParameterValue { return "the parameter's value: a number, true or false, a word, or a list such as 1,2" }
    return switch kind {
    case .account: "an address, 64 hexadecimal digits, //NAME or a wallet's name"
    case .amount: "TAO such as 1.5, or 1500rao"
    case .parameterValue: "the parameter's value"
    case .group: "a JSON object"
    case .groupList: "a JSON object"
    case .flag: "true or false"
    case .bytes, .bytesList: "a text, or 0x and hexadecimal digits"
    case .number, .signed, .numberList: "a whole number"
    }
  }

  var placeholder: String {
    if isParameterValue { return "VALUE" }
    return switch kind {
    case .account: "ACCOUNT"
    case .amount: "TAO"
    case .group, .groupList: "JSON"
    case .bytes, .bytesList: "TEXT"
    case .parameterValue: "VALUE"
    case .flag: "FLAG"
    case .number, .signed, .numberList: "N"
    }
  }

  var kind: FieldKind {
    if let description { return description.kind }
    switch field.kind {
    case .unsigned32, .enumeration: return field.isRepeated ? .numberList(bits: 32) : .number(bits: 32)
    case .unsigned64: return field.isRepeated ? .numberList(bits: 64) : .number(bits: 64)
    case .signed64: return .signed
    case .flag: return .flag
    case .bytes: return field.isRepeated ? .bytesList : .bytes
    case .message: return field.isRepeated ? .groupList : .group
    }
  }

  /// Whether the message means nothing without it; flags are off, and what the ledger calls optional may be absent.
  var isNeeded: Bool {
    guard let description else { return false }
    return isParameterValue || !description.isOptional && description.kind != .flag
  }

  private var isParameterValue: Bool {
    if case .message(let message) = field.kind { message == .parameterValue } else { false }
  }

  /// The value that the texts of the option mean.
  ///
  /// - Throws: `CommandMistake` with the option, the text and what it should be.
  func value(_ texts: [String], in context: FieldContext) throws -> FieldValue {
    if field.isRepeated {
      let parts = field.kind.isMessage ? texts : texts.flatMap { $0.split(separator: ",").map(String.init) }
      return try FieldText.joined(parts.map { try single($0, in: context) }, like: field)
    }
    guard let text = texts.last else { throw mistake("") }
    return try single(text, in: context)
  }

  private func single(_ text: String, in context: FieldContext) throws -> FieldValue {
    switch field.kind {
    case .unsigned32, .unsigned64, .enumeration:
      if kind == .amount {
        guard let amount = Rao(tao: text) else { throw mistake(text) }
        return .unsigned(amount.value)
      }
      guard let number = UInt64(text) else { throw mistake(text) }
      return .unsigned(number)
    case .signed64:
      guard let number = Int64(text) else { throw mistake(text) }
      return .signed(number)
    case .flag:
      guard let flag = Bool(text) else { throw mistake(text) }
      return .flag(flag)
    case .bytes:
      if let account = try context.account(text, isWanted: kind == .account || field.namesAccount) {
        return .bytes(account.bytes)
      }
      if text.hasPrefix("0x") {
        guard let bytes = [UInt8](hex: String(text.dropFirst(2))) else { throw mistake(text) }
        return .bytes(bytes)
      }
      return .bytes(Array(text.utf8))
    case .message(let message):
      if let value = context.parameter(text, as: message) { return .group(value.fields) }
      guard let document = try? JSONValue(parsing: text), let members = try? document.members() else {
        throw mistake(text)
      }
      return .group(try FieldText.fields(members, of: message, in: context))
    }
  }

  /// A JSON object as a message; members are named as the schema's fields.
  private static func fields(
    _ members: [JSONMember], of message: MessageName, in context: FieldContext
  ) throws -> Fields {
    var fields = Fields()
    for member in members {
      guard let field = message.fields.first(where: { $0.name == member.name }) else {
        throw CommandMistake(
          "\(message) has no member \"\(escapedText(member.name, limit: 80))\"; it has "
            + message.fields.map(\.name).joined(separator: ", "))
      }
      let text = FieldText(field: field, description: nil)
      let texts: [String] = ((try? member.value.elements()) ?? [member.value]).map { element in
        if case .text(let text) = element { text } else { element.compactText }
      }
      fields.append(member.name, try text.value(texts, in: context))
    }
    return fields
  }

  private static func joined(_ values: [FieldValue], like field: MessageField) -> FieldValue {
    switch field.kind {
    case .bytes: .bytesList(values.map { if case .bytes(let bytes) = $0 { bytes } else { [] } })
    case .message: .groupList(values.map { if case .group(let group) = $0 { group } else { [:] } })
    default: .unsignedList(values.map { if case .unsigned(let number) = $0 { number } else { 0 } })
    }
  }

  private func mistake(_ text: String) -> CommandMistake {
    CommandMistake("--\(optionName) is \"\(escapedText(text, limit: 80))\": expected \(form)")
  }
}

/// What the meaning of a text depends on: the wallets of the user, and the parameter that is set.
struct FieldContext {
  let wallets: WalletStore?
  /// The parameter whose value the message holds.
  let parameterName: String?

  /// The account that a text names: an address, digits, a development key or a wallet.
  ///
  /// - Parameter isWanted: Whether an account must stand here; then any other text is a mistake.
  /// - Returns: Nil where no account is wanted.
  func account(_ text: String, isWanted: Bool) throws -> AccountID? {
    guard isWanted else { return nil }
    if let account = Bytes32(hex: text).map({ AccountID($0) }) { return account }
    if let pair = KeyPair(developmentReference: text) { return pair.account }
    do throws(AddressError) {
      return try AccountID(address: text)
    } catch {
      // A short plain word is more likely a wallet than a broken address.
      if text.utf8.count < 40, let wallets, let name = try? KeyName(text) {
        return try wallets.coldkeyAccount(of: name.text)
      }
      throw CommandMistake("\"\(escapedText(text, limit: 80))\" names no account: \(error)")
    }
  }

  /// A parameter's value in the form that its row has; nil for other messages and for texts of another form.
  func parameter(_ text: String, as message: MessageName) -> ParameterValue? {
    guard message == .parameterValue, let name = parameterName else { return nil }
    let form = Hyperparameters.row(named: name)?.field.form ?? GlobalParameters.row(named: name)?.field.form
    return form?.value(parsing: text)
  }
}

extension MessageField {
  /// Whether bytes under this name are an account, for messages of which only the schema is known.
  fileprivate var namesAccount: Bool {
    ["account", "hotkey", "coldkey", "coldkeys", "child", "delegate", "real", "key"].contains(name)
  }
}

extension MessageField.Kind {
  fileprivate var isMessage: Bool {
    if case .message = self { true } else { false }
  }
}
