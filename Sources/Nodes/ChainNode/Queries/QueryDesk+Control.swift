import Ledger
import Primitives
import Wire

// Requests that move a local network's chain.
extension QueryDesk {
  /// Blocks that one request makes; a client that wants more asks again.
  static let advanceLimit: UInt64 = 20_000
  /// Bytes of a point's name. Source: reliability R3.
  static let nameLimit = 64

  func control(_ query: ChainQuery, by sender: AccountID) async throws -> ChainReply {
    let genesis = producer.genesis
    guard genesis.profile == .local else {
      throw QueryError.notAllowed(
        "blocks of a \(genesis.profile.rawValue) chain are not moved by hand; only a local one's")
    }
    guard sender == genesis.genesis.sudoKey else {
      throw QueryError.notAllowed("only the sudo key of the genesis moves blocks by hand; sign the request with it")
    }
    do {
      return reply(at: try await move(query))
    } catch let error as BlockProducer.ControlError {
      switch error {
      case .unknownPoint(let name): throw QueryError.notFound("point \(name)")
      case .tooManyPoints:
        throw QueryError.notAllowed("\(BlockProducer.pointLimit) points are kept already; use one of their names again")
      case .tooFarBack(let number, let oldest):
        throw QueryError.notAllowed("block \(number) is too far back: this node's log begins at block \(oldest)")
      }
    }
  }

  private func move(_ query: ChainQuery) async throws -> KeptBlock {
    let arguments = query.arguments
    switch query.name {
    case "advance": return try await producer.advance(by: try checked(arguments.unsigned("blocks")))
    case "keep_point": return try await producer.keepPoint(named: try name(in: arguments))
    case "return_to_point": return try await producer.returnToPoint(named: try name(in: arguments))
    default:
      let target = try await target(of: arguments)
      let head = await producer.head.number
      if target > head { _ = try checked(target.value - head.value) }
      return try await producer.goTo(target)
    }
  }

  private func target(of arguments: Fields) async throws -> BlockNumber {
    guard arguments["has_netuid"] == .flag(true) else { return BlockNumber(arguments.unsigned("block")) }
    let netuid = NetUID(UInt16(clamping: arguments.unsigned("netuid")))
    let state = await producer.head.state
    let answer: EpochScheduleAnswer
    do throws(LedgerError) {
      answer = try NextEpochQuery(netuid: netuid).answer(from: state, with: producer.execution.host)
    } catch {
      throw QueryError.refused(error)
    }
    guard let block = answer.nextEpochBlock else {
      throw QueryError.notAllowed("subnet \(netuid) has no epochs: its tempo is \(answer.tempo)")
    }
    return block
  }

  private func checked(_ count: UInt64) throws(QueryError) -> UInt64 {
    guard count <= QueryDesk.advanceLimit else {
      throw .notAllowed("one request makes \(QueryDesk.advanceLimit) blocks at most, not \(count); ask several times")
    }
    return count
  }

  private func name(in arguments: Fields) throws(QueryError) -> String {
    let bytes = arguments.byteString("name")
    let isName = bytes.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    guard !bytes.isEmpty, bytes.count <= QueryDesk.nameLimit, isName else {
      throw .notAllowed("a point's name has 1 to \(QueryDesk.nameLimit) of the characters a-z, 0-9, _ and -")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func reply(at head: KeptBlock) -> ChainReply {
    ChainReply(
      at: head.number,
      fields: [
        "number": .unsigned(head.number.value), "hash": .bytes(head.hash.bytes),
        "state_root": .bytes(head.stateRoot.bytes),
      ])
  }
}
