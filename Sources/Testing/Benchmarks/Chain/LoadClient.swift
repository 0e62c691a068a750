import JSONText
import Keys
import Neurons
import Primitives
import Transport
import Wire

/// One client of a chain under load: sends transfers of its own accounts in batches, and whatever was refused again.
struct LoadClient: Sendable {
  /// What a client did.
  struct Tally: Sendable {
    /// Extrinsics sent, again counted again.
    var offered = 0
    var accepted = 0
    /// Refused for lack of room.
    var refused = 0
    /// Batches not answered, or not in a way that says when to come back.
    var lostBatches = 0
    /// Milliseconds from a batch to its answer.
    var answerMilliseconds: [Int] = []
    /// The same for those batches of which all or a part was refused for lack of room.
    var busyMilliseconds: [Int] = []
    /// Whether every extrinsic was sent before the time was up.
    var ranOut = false
  }

  /// Extrinsics of one batch, and of one account in it.
  static let batch = 256
  static let run = 16

  let exchange: SignedExchange
  let peer: ExchangePeer
  let chainID: Hash256
  /// Whether a refused batch waits for as long as the chain says.
  let isPolite: Bool

  /// Sends until the deadline or the end of the supply.
  func load(_ lanes: [ExtrinsicSupply.Lane], until end: ContinuousClock.Instant) async throws -> Tally {
    let clock = ContinuousClock()
    var tally = Tally()
    var next = [Int](repeating: 0, count: lanes.count)
    var turn = 0
    while clock.now < end {
      let pieces = pieces(of: lanes, from: &turn, next)
      guard !pieces.isEmpty else {
        tally.ranOut = true
        break
      }
      let all = pieces.flatMap { piece in piece.nonces.map { lanes[piece.lane].encoded[$0] } }
      tally.offered += all.count
      let start = clock.now
      let answer = try await submit(all)
      let milliseconds = Int((clock.now - start) / .milliseconds(1))
      tally.answerMilliseconds.append(milliseconds)
      switch answer {
      case .judged(let codes, let retry):
        take(codes, of: pieces, into: &next, &tally)
        if retry > 0 { tally.busyMilliseconds.append(milliseconds) }
        if isPolite, retry > 0 { try await clock.sleep(for: .milliseconds(retry)) }
      case .busy(let retry):
        tally.refused += all.count
        tally.busyMilliseconds.append(milliseconds)
        if isPolite { try await clock.sleep(for: .milliseconds(retry)) }
      case .none:
        tally.lostBatches += 1
        try await clock.sleep(for: .milliseconds(50))
      }
    }
    return tally
  }

  private enum Answer {
    /// A code for each extrinsic; the retry time is 0 unless one was refused for lack of room.
    case judged([UInt64], retryMilliseconds: Int)
    /// All refused unseen.
    case busy(retryMilliseconds: Int)
  }

  private struct Piece {
    let lane: Int
    let nonces: Range<Int>
  }

  private func pieces(of lanes: [ExtrinsicSupply.Lane], from turn: inout Int, _ next: [Int]) -> [Piece] {
    var pieces: [Piece] = []
    var count = 0
    for _ in lanes.indices {
      guard count < LoadClient.batch else { break }
      let lane = turn % lanes.count
      turn += 1
      let nonces = next[lane]..<min(next[lane] + LoadClient.run, lanes[lane].encoded.count)
      guard !nonces.isEmpty else { continue }
      pieces.append(Piece(lane: lane, nonces: nonces))
      count += nonces.count
    }
    return pieces
  }

  private func take(_ codes: [UInt64], of pieces: [Piece], into next: inout [Int], _ tally: inout Tally) {
    var position = 0
    for piece in pieces {
      let own = codes[position..<position + piece.nonces.count]
      position += piece.nonces.count
      // What follows a refused nonce is sent again with it; what waits already is then taken as it is.
      let taken = own.prefix { $0 == 0 }.count
      next[piece.lane] += taken
      tally.accepted += taken
      tally.refused += own.count - taken
    }
  }

  /// Nil when no answer came, or none that says what to do.
  private func submit(_ extrinsics: [[UInt8]]) async throws -> Answer? {
    let request = try WireCodec.encode(
      ["submit_many": .group(["extrinsics": .bytesList(extrinsics)])], as: .queryRequest)
    let reply: Fields
    do throws(ExchangeError) {
      guard let fields = try await asked(request) else { return nil }
      reply = fields
    } catch {
      guard case .refused(let refusal) = error, refusal.status == .busy, let retry = refusal.retryAfter else {
        return nil
      }
      return .busy(retryMilliseconds: Int(retry / .milliseconds(1)))
    }
    if let failure = reply.group("error"), case .unsigned(let retry)? = failure["retry_after_ms"], retry > 0 {
      return .busy(retryMilliseconds: Int(clamping: retry))
    }
    guard let judged = reply.group("submit_many"), case .unsignedList(let codes)? = judged["codes"],
      codes.count == extrinsics.count, case .unsigned(let retry)? = judged["retry_after_ms"]
    else { return nil }
    return .judged(codes, retryMilliseconds: Int(clamping: retry))
  }

  /// The decoded reply to an encoded request; nil when there was none in time.
  func ask(_ request: [UInt8]) async throws -> Fields? {
    do throws(ExchangeError) {
      return try await asked(request)
    } catch {
      return nil
    }
  }

  private func asked(_ request: [UInt8]) async throws(ExchangeError) -> Fields? {
    let question = Question(chainID: chainID, netuid: .root, message: ChainClient.message, payload: request)
    let reply = try await exchange.ask(question, of: peer, deadline: .seconds(10))
    do throws(WireError) {
      return try WireCodec.decode(reply, as: .queryReply)
    } catch {
      return nil
    }
  }
}
