import Ledger
import Primitives
import Wire

/// Random calls of every type, made from the descriptions of their fields: often plausible, often at an edge.
struct HostileCalls {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  static let names = LedgerFixture.names + ["authority"]
  private static let parameters =
    Hyperparameters.table.map(\.name) + Hyperparameters.combinedRows.map(\.name) + GlobalParameters.table.map(\.name)

  /// Bytes as they come from the net: mostly a call of that type, now and then noise.
  mutating func call(_ type: any LedgerCall.Type, depth: Int = 1) -> [UInt8] {
    if chance(50) { return bytes(upTo: 80) }
    let message = fields(of: type.fieldDescriptions, in: type.descriptor.fieldName, depth: depth)
    let encoded = try? WireCodec.encode(
      Fields([.init(name: type.descriptor.fieldName, value: .group(message))]), as: .call)
    return encoded ?? bytes(upTo: 80)
  }

  mutating func anyCall(depth: Int) -> [UInt8] { call(CallTable.all.randomElement(using: &random)!, depth: depth) }

  /// Somebody who may make a call of that type, or anybody.
  mutating func signer(of type: any LedgerCall.Type) -> AccountID {
    let name = Self.names.randomElement(using: &random)!
    if chance(5) { return LedgerFixture.account(chance(2) ? name : name + "-hot") }
    switch type.descriptor.signer {
    case .owner, .ownerOnly: return LedgerFixture.account("owner")
    case .root, .sudo: return LedgerFixture.account("sudo")
    case .hotkey: return LedgerFixture.account(name + "-hot")
    case .coldkey, .anyone, .authority: return LedgerFixture.account(name)
    }
  }

  /// A call on its way: root's are mostly wrapped, and those that end all others are rare.
  mutating func sent(_ type: any LedgerCall.Type) -> [UInt8] {
    let call = call(type)
    guard [.root, .owner].contains(type.descriptor.signer), chance(2) else { return call }
    let isFatal = ["SetSudoKey", "RemoveSudoKey", "DissolveSubnet", "Pause"].contains(type.descriptor.name)
    if isFatal, !chance(15) { return call }
    return (try? LedgerFixture.encoded(Sudo(call: call))) ?? call
  }

  private mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

  private mutating func fields(of descriptions: [Ledger.FieldDescription], in call: String, depth: Int) -> Fields {
    var fields = Fields()
    for field in descriptions {
      if field.isOptional, case .number = field.kind {
        addOptional(field, to: &fields)
      } else if field.isOptional, field.kind == .amount {
        addOptional(field, to: &fields)
      } else if let value = value(of: field, in: call, depth: depth) {
        fields.append(field.name, value)
      }
    }
    return fields
  }

  /// A number with its flag of presence; seldom a number without it.
  private mutating func addOptional(_ field: Ledger.FieldDescription, to fields: inout Fields) {
    let isPresent = chance(2)
    fields.append("has_" + field.name, .flag(isPresent))
    fields.append(field.name, .unsigned(isPresent || chance(20) ? number(bits: 64, named: field.name) : 0))
  }

  private mutating func value(of field: Ledger.FieldDescription, in call: String, depth: Int) -> FieldValue? {
    switch field.kind {
    case .account: .bytes(account(asHotkey: field.name.contains("hotkey") || field.name == "child"))
    case .amount: .unsigned(amount())
    case .number(let bits): .unsigned(number(bits: bits, named: field.name))
    case .signed: .signed(Int64(truncatingIfNeeded: random.edge()))
    case .flag: .flag(chance(2))
    case .bytes: .bytes(bytes(of: field.name, depth: depth))
    case .numberList(let bits): .unsignedList((0..<count(12)).map { _ in number(bits: bits, named: field.name) })
    case .bytesList: .bytesList(byteStrings(of: field.name, depth: depth))
    case .group: group(field.name, in: call, depth: depth)
    case .groupList: .groupList((0..<count(6)).map { _ in item(of: field.name, depth: depth) })
    case .parameterValue: nil
    }
  }

  private mutating func group(_ name: String, in call: String, depth: Int) -> FieldValue? {
    if name == "value" { return .group(parameterValue()) }
    return chance(2) ? nil : .group(fields(of: SubnetIdentityFields.fieldDescriptions, in: name, depth: depth))
  }

  private mutating func item(of list: String, depth: Int) -> Fields {
    list == "children"
      ? fields(of: ChildShare.fieldDescriptions, in: list, depth: depth)
      : fields(of: CommitmentField.fieldDescriptions, in: list, depth: depth)
  }

  private mutating func parameterValue() -> Fields {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: ParameterValue.signed(Int64(truncatingIfNeeded: random.edge())).fields
    case 1: ParameterValue.flag(chance(2)).fields
    case 2: ParameterValue.word(["burn", "recycle", "pay", "flow", "price", "x"].randomElement(using: &random)!).fields
    case 3: ParameterValue.wide(Int128(truncatingIfNeeded: random.edge()) << 32).fields
    case 4: ParameterValue.list((0..<count(4)).map { _ in UInt16(truncatingIfNeeded: random.edge()) }).fields
    default: ParameterValue.u64(chance(2) ? UInt64.random(in: 0...300, using: &random) : random.edge()).fields
    }
  }

  private mutating func account(asHotkey: Bool = false) -> [UInt8] {
    switch Int.random(in: 0..<24, using: &random) {
    case 0: return AccountID.zero.bytes
    case 1: return LedgerFixture.host.burnAccount.bytes
    case 2: return bytes(upTo: 33)
    case 3: return LedgerFixture.account("nobody \(count(4))").bytes
    default:
      let name = Self.names.randomElement(using: &random)!
      return LedgerFixture.account(asHotkey != chance(8) ? name + "-hot" : name).bytes
    }
  }

  private mutating func amount() -> UInt64 {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: random.edge()
    case 1: UInt64.random(in: 0...5_000_000, using: &random)
    default: UInt64.random(in: 0...2000, using: &random) * Rao.perTAO
    }
  }

  private mutating func number(bits: Int, named name: String) -> UInt64 {
    let edge = random.edge()
    if chance(30) { return bits <= 32 ? edge & 0xffff_ffff : edge }
    switch name {
    case "netuid", "to_netuid": return chance(4) ? UInt64(count(5)) : 1
    case "uids", "id", "choice", "kind", "digest": return UInt64(count(5))
    case "ip_type": return chance(2) ? 4 : 6
    case "type": return UInt64(chance(2) ? count(1) : count(13))
    case "mechid", "delay", "round", "version_key": return chance(4) ? 1 : 0
    case "tempo": return UInt64(count(40))
    case "amount", "limit_price", "max_price": return amount()
    default:
      let fitting = bits >= 64 ? edge : edge & (1 << UInt64(bits) - 1)
      return chance(2) ? fitting : UInt64(count(1000)) & (bits >= 64 ? .max : 1 << UInt64(bits) - 1)
    }
  }

  private mutating func bytes(of name: String, depth: Int) -> [UInt8] {
    switch name {
    case "call": return depth > 5 ? [] : anyCall(depth: depth + 1)
    case "name": return Array(Self.parameters.randomElement(using: &random)!.utf8)
    case "ip": return chance(3) ? bytes(upTo: 17) : [10, 0, 0, UInt8(count(255))]
    case "salt": return bytes(upTo: 70)
    case "data": return chance(3) ? Array(repeating: 7, count: 32) : bytes(upTo: 130)
    default: return chance(10) ? bytes(upTo: 1100) : bytes(upTo: 40)
    }
  }

  private mutating func byteStrings(of name: String, depth: Int) -> [[UInt8]] {
    if name == "keys" { return (0..<count(5)).map { _ in account() } }
    if depth > 3 { return [] }
    return (0..<count(name == "actions" ? 3 : 5)).map { _ in anyCall(depth: depth + 1) }
  }

  private mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }

  private mutating func bytes(upTo limit: Int) -> [UInt8] {
    (0..<count(limit)).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
