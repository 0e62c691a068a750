import Keys
import Primitives
import SubnetKit
import Synchronization
import Transport
import Wire

/// Gets another miner's answer by asking it, as a real copycat would: signed, and as long as time is left.
final class AnswerRelay: Sendable {
  private let dendrite: Dendrite
  private let board: SubnetBoard
  private let message: EnvelopeMessage
  private let own: Hotkey
  /// What is being asked now; two copycats that ask each other would otherwise never stop.
  private let underWay = Mutex<Set<[UInt8]>>([])

  init(over dendrite: Dendrite, board: SubnetBoard, message: EnvelopeMessage, own: Hotkey) {
    self.dendrite = dendrite
    self.board = board
    self.message = message
    self.own = own
  }

  /// The answer of one of `miners`, or without them of the miner that earns most; nil when none comes in time.
  func answer(to request: [UInt8], of miners: [Hotkey]?, _ context: ForwardContext) async -> [UInt8]? {
    guard underWay.withLock({ $0.insert(request).inserted }) else { return nil }
    defer { underWay.withLock { _ = $0.remove(request) } }
    guard let target = target(among: miners, except: context.caller) else { return nil }
    // Some of the time is for the way back.
    let answers = await dendrite.ask([target], message, request, deadline: context.timeRemaining * 3 / 4)
    guard case .answered(let bytes, _)? = answers.first?.outcome else { return nil }
    return bytes
  }

  private func target(among miners: [Hotkey]?, except caller: Hotkey) -> MinerTarget? {
    let others = (board.metagraph?.neurons ?? []).filter { $0.hotkey != own && $0.hotkey != caller }
    let wanted = miners.map { miners in others.filter { miners.contains($0.hotkey) } } ?? others
    return wanted.filter { MinerTarget($0).peer != nil }
      .min { ($1.incentive, $0.uid) < ($0.incentive, $1.uid) }
      .map { MinerTarget($0) }
  }
}
