public import Primitives

/// What one miner answered, who it is and how long it took.
public struct Answer<Response: Sendable>: Sendable {
  /// The verified signer of the answer.
  public var miner: Hotkey
  public var uid: UID
  /// A stranger's value: do not trap on it.
  public var response: Response
  /// From sending the request to holding the verified answer, the last part of it where there are several.
  public var latency: Duration
  /// From sending the request to holding each part of the answer; one entry unless the mechanism answers in parts.
  public var arrivals: [Duration]

  /// - Parameter arrivals: That of the whole answer without it.
  public init(miner: Hotkey, uid: UID, response: Response, latency: Duration, arrivals: [Duration]? = nil) {
    self.miner = miner
    self.uid = uid
    self.response = response
    self.latency = latency
    self.arrivals = arrivals ?? [latency]
  }
}

extension Answer: Equatable where Response: Equatable {}
extension Answer: Hashable where Response: Hashable {}

/// An answer as it came over the wire.
public typealias AnswerBytes = Answer<[UInt8]>
