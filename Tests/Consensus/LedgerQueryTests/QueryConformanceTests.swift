import Ledger
import Primitives
import Testing
import Wire

/// Every query of the table, answered from a chain with something in every answer.
@Suite struct QueryConformanceTests {
  private static let names = QueryTable.all.map { $0.name }

  @Test(arguments: names)
  func everyReplyComesBackFromTheWireAsItWas(name: String) throws {
    let network = try QueryNetwork.busy()
    let arguments = try #require(plausibleArguments(name))
    if name == "round_secret" {
      #expect(refusal(network, name, arguments) == .notFound)
      return
    }
    let reply = try #require(try network.state.reply(to: name, arguments, with: QueryNetwork.host))
    let sent = Fields([.init(name: name, value: .group(reply))])
    let received = try WireCodec.decode(WireCodec.encode(sent, as: .queryReply), as: .queryReply)
    #expect(received.group(name) == reply)
  }

  @Test(arguments: names)
  func anAbsentSubnetIsNamedInTheRefusal(name: String) throws {
    let network = try QueryNetwork.busy()
    var arguments = try #require(plausibleArguments(name))
    guard let index = arguments.entries.firstIndex(where: { $0.name == "netuid" }) else { return }
    arguments.entries[index] = .init(name: "netuid", value: .unsigned(9))
    #expect(refusal(network, name, arguments) == .subnetNotExists)
    #expect(refusal(network, name, arguments)?["netuid"] == .number(9))
  }

  @Test(arguments: names)
  func aCursorThatIsNoneIsRefused(name: String) throws {
    let network = try QueryNetwork.busy()
    var arguments = try #require(plausibleArguments(name))
    guard let index = arguments.entries.firstIndex(where: { $0.name == "cursor" }) else { return }
    // Nothing pages that has no table yet.
    if ["timelocked_commits", "revealed"].contains(name) { return }
    for length in [1, 3, 31, 33, 127, 129] {
      arguments.entries[index] = .init(name: "cursor", value: .bytes(Array(repeating: 7, count: length)))
      #expect(refusal(network, name, arguments) == .malformed, "\(length)")
    }
  }

  @Test(arguments: names)
  func hostileArgumentsAreAnsweredOrRefused(name: String) throws {
    let network = try QueryNetwork.busy()
    let message = try #require(request(name))
    var random = SplitMix64(seed: 5)
    for _ in 0..<300 {
      var arguments = Fields()
      for field in message.fields where Int.random(in: 0..<10, using: &random) > 0 {
        arguments.append(field.name, .hostile(field, &random))
      }
      if Int.random(in: 0..<20, using: &random) == 0 { arguments.append("unknown", .unsigned(1)) }
      guard let reply = answer(network, name, arguments) else { continue }
      let sent = Fields([.init(name: name, value: .group(reply))])
      #expect(try WireCodec.encode(sent, as: .queryReply).count <= 1 << 20)
    }
  }

  /// Nil for a refusal.
  private func answer(_ network: QueryNetwork, _ name: String, _ arguments: Fields) -> Fields? {
    do throws(LedgerError) {
      return try network.state.reply(to: name, arguments, with: QueryNetwork.host)
    } catch {
      return nil
    }
  }

  private func refusal(_ network: QueryNetwork, _ name: String, _ arguments: Fields) -> LedgerError? {
    do throws(LedgerError) {
      _ = try network.state.reply(to: name, arguments, with: QueryNetwork.host)
      return nil
    } catch {
      return error
    }
  }

  private func request(_ name: String) -> MessageName? {
    guard case .message(let message)? = MessageName.queryRequest.fields.first(where: { $0.name == name })?.kind else {
      return nil
    }
    return message
  }

  private func plausibleArguments(_ name: String) -> Fields? {
    request(name).map { message in
      Fields(message.fields.compactMap { field in plausible(field).map { .init(name: field.name, value: $0) } })
    }
  }

  private func plausible(_ field: MessageField) -> FieldValue? {
    switch field.name {
    case "netuid": .unsigned(1)
    case "uid", "id": .unsigned(1)
    case "hotkey": .bytes(QueryNetwork.validator.bytes)
    case "coldkey": .bytes(QueryNetwork.nominator.bytes)
    case "account": .bytes(QueryNetwork.coldkey.bytes)
    case "coldkeys": .bytesList([QueryNetwork.nominator.bytes, QueryNetwork.coldkey.bytes])
    case "amount": .unsigned(1_000_000)
    case "cursor": .bytes([])
    default: nil
    }
  }
}

extension FieldValue {
  /// Anything the codec could hand over, and now and then another kind.
  static func hostile(_ field: MessageField, _ random: inout SplitMix64) -> FieldValue {
    if Int.random(in: 0..<40, using: &random) == 0 { return .group([:]) }
    let count = [0, 1, 2, 3, 256, 257].randomElement(using: &random) ?? 0
    switch (field.kind, field.isRepeated) {
    case (.flag, _): return .flag(Bool.random(using: &random))
    case (.bytes, false): return .bytes(hostileKey(&random))
    case (.bytes, true): return .bytesList((0..<count).map { _ in hostileKey(&random) })
    case (_, true): return .unsignedList((0..<count).map { _ in hostileNumber(&random) })
    default: return .unsigned(hostileNumber(&random))
    }
  }

  private static func hostileNumber(_ random: inout SplitMix64) -> UInt64 {
    let edges: [UInt64] = [0, 1, 2, 255, 256, 65535, 65536, 1 << 32, .max - 1, .max]
    return edges.randomElement(using: &random) ?? 0
  }

  private static func hostileKey(_ random: inout SplitMix64) -> [UInt8] {
    let lengths = [0, 2, 4, 31, 32, 32, 32, 32, 33, 36, 128]
    let byte = UInt8([0, 2, 3, 4, 5, 6, 255].randomElement(using: &random) ?? 0)
    return Array(repeating: byte, count: lengths.randomElement(using: &random) ?? 0)
  }
}
