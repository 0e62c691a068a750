import Ledger
import Primitives
import Testing
import Wire

/// The calls that the ledger executes, as the schema has them.
@Suite struct LedgerAgreementTests {
  private static let calls = CallTable.all.map { $0.descriptor.name }

  @Test(arguments: LedgerAgreementTests.calls)
  func aCallHasItsNumberAndTheSameFields(name: String) throws {
    let type = try #require(CallTable.type(named: name))
    let descriptor = type.descriptor
    let member = try #require(MessageName.call.fields.first { $0.name == descriptor.fieldName })
    let fields = try #require(MessageName("Call.\(name)")).fields
    #expect(member.number == UInt32(descriptor.number))
    #expect(fields.filter { !$0.name.hasPrefix("has_") }.map(\.name) == type.fieldDescriptions.map(\.name))
    for field in type.fieldDescriptions where field.isOptional {
      let hasCompanion = fields.contains { $0.name == "has_" + field.name }
      #expect(hasCompanion == isNumber(field.kind), "\(name).\(field.name)")
    }
  }

  @Test(arguments: LedgerAgreementTests.calls)
  func aCallIsTheSameAfterTheWire(name: String) throws {
    let type: any LedgerCall.Type = try #require(CallTable.type(named: name))
    try checkRoundTrips(of: type)
  }

  private func isNumber(_ kind: FieldKind) -> Bool {
    switch kind {
    case .amount, .number, .flag: true
    case .account, .signed, .bytes, .numberList, .bytesList, .group, .groupList, .parameterValue: false
    }
  }

  private func checkRoundTrips<Call: LedgerCall>(of type: Call.Type) throws {
    try checkRoundTrip(of: try #require(try CallTable.call(from: plainMessage(of: type)) as? Call))
    // Random values of the schema that the ledger takes; the others it must refuse without harm.
    let message = try #require(MessageName("Call.\(type.descriptor.name)"))
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let fields: Fields = [type.descriptor.fieldName: .group(.random(message, &random))]
      if let call = try? CallTable.call(from: fields) as? Call { try checkRoundTrip(of: call) }
    }
  }

  /// The message of a blank call, with the first of its words where 0 is none.
  private func plainMessage<Call: LedgerCall>(of type: Call.Type) -> Fields {
    var fields = Call().fields
    for index in fields.entries.indices where ["type", "choice"].contains(fields.entries[index].name) {
      fields.entries[index] = Fields.Entry(name: fields.entries[index].name, value: .unsigned(1))
    }
    return [type.descriptor.fieldName: .group(fields)]
  }

  private func checkRoundTrip<Call: LedgerCall>(of call: Call) throws {
    let decoded = try WireCodec.decode(WireCodec.encode(call.message, as: .call), as: .call)
    #expect(try CallTable.call(from: decoded) as? Call == call)
  }
}
