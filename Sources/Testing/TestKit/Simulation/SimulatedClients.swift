import Keys
import Ledger
import Primitives
import SubnetKit
import Wire

/// Clients that send calls of many kinds, good and hostile ones, over a network that loses, doubles and delays.
struct SimulatedClients: Sendable {
  private struct InFlight {
    let due: UInt64
    let bytes: [UInt8]
  }

  private static let keys =
    [DevelopmentAccount.owner, .validator, .miner, .faucet].map(\.keyPair)
    + (0..<4).map { KeyPair.development(name: "simulated-\($0)") }

  private let chainID: Hash256
  private var random: SeededRandom
  private var flying: [InFlight] = []
  private let lossPerThousand: UInt64
  private let doublePerThousand: UInt64
  private let messagesPerBlock: Int
  /// What the network does now, and up to which block.
  private var cut: (direction: Cut, until: UInt64) = (.none, 0)
  private(set) var cuts: [Cut: Int] = [:]

  /// Which way a network is cut.
  enum Cut: String, CaseIterable, Sendable {
    case none
    /// Nothing reaches the node.
    case inbound
    /// Everything reaches the node, and no answer comes back: clients send the same bytes again.
    case outbound
    case both
  }

  /// - Parameter messagesPerBlock: On average.
  init(seed: UInt64, chainID: Hash256, messagesPerBlock: Int) {
    self.chainID = chainID
    self.messagesPerBlock = messagesPerBlock
    random = SeededRandom(seed: seed)
    lossPerThousand = random.next() % 300
    doublePerThousand = random.next() % 500
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
  private mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

  /// What arrives now: new messages, and older ones that were late or doubled.
  mutating func messages(at head: BlockNumber, state: LedgerState) -> [[UInt8]] {
    turn(at: head.value)
    for _ in 0..<messagesPerBlock / 2 + below(messagesPerBlock) {
      guard let bytes = message(state) else { continue }
      if random.next() % 1000 < lossPerThousand || cut.direction == .inbound { continue }
      if cut.direction == .both {
        // The client hears nothing and keeps its bytes for when the network is whole again.
        if below(4) == 0 { flying.append(InFlight(due: cut.until + 1, bytes: bytes)) }
        continue
      }
      if cut.direction == .outbound { flying.append(InFlight(due: cut.until + UInt64(1 + below(3)), bytes: bytes)) }
      flying.append(InFlight(due: head.value + UInt64(below(4)), bytes: bytes))
      if random.next() % 1000 < doublePerThousand {
        flying.append(InFlight(due: head.value + UInt64(below(12)), bytes: bytes))
      }
    }
    let arrived = flying.filter { $0.due <= head.value }.map(\.bytes)
    flying.removeAll { $0.due <= head.value }
    return arrived
  }

  /// Cuts the network now and then, for one to ten blocks.
  private mutating func turn(at height: UInt64) {
    if height > cut.until { cut.direction = .none }
    guard cut.direction == .none, random.next() % 1000 < 15 else { return }
    cut = (pick([.inbound, .outbound, .both]), height + UInt64(1 + below(10)))
    cuts[cut.direction, default: 0] += 1
  }

  private mutating func message(_ state: LedgerState) -> [UInt8]? {
    let key = pick(Self.keys)
    let nonce = state.account(key.account).nonce &+ UInt64(pick([0, 0, 0, 0, 0, 0, 1, 2, 70]))
    guard let call = try? WireCodec.encode(call(state).message, as: .call) else { return nil }
    let body = ExtrinsicBody(
      chainID: chainID, specVersion: TransactionLimits.specVersion, signer: key.account, nonce: nonce,
      birth: state.block, period: pick([0, 0, 4, 64]), tip: Rao(pick([0, 0, 0, 5])), call: call)
    guard let signed = try? Extrinsic(signing: body, with: key), var bytes = try? signed.encoded() else { return nil }
    // A forged one now and then: the signature comes last.
    if below(40) == 0 { bytes[bytes.count - 1] ^= 1 }
    if below(60) == 0 { bytes[below(bytes.count)] ^= 1 }
    return bytes
  }

  private mutating func call(_ state: LedgerState) -> any LedgerCall {
    let netuid = NetUID(UInt16(below(4)))
    let hotkey = Hotkey(pick(Self.keys).account)
    let amount = Rao(pick([0, 1, 1_000_000, 5_000_000_000, 700_000_000_000, .max]))
    switch below(12) {
    case 0: return RegisterSubnet(hotkey: hotkey)
    case 1: return RegisterNeuron(netuid: netuid, hotkey: hotkey)
    case 2, 3: return AddStake(hotkey: hotkey, netuid: netuid, amount: amount)
    case 4: return RemoveStake(hotkey: hotkey, netuid: netuid, amount: amount)
    case 5:
      return MoveStake(
        hotkey: hotkey, netuid: netuid, toHotkey: Hotkey(pick(Self.keys).account), toNetuid: NetUID(UInt16(below(4))),
        amount: amount)
    case 6: return SetWeights(netuid: netuid, uids: [0, 1], values: [UInt16(below(65_536)), UInt16(below(65_536))])
    case 7: return Faucet(amount: .tao(UInt64(below(2000))))
    case 8: return RootRegister(hotkey: hotkey)
    case 9: return StartSubnet(netuid: netuid)
    default: return Transfer(to: pick(Self.keys).account, amount: amount)
    }
  }
}
