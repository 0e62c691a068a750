public import Primitives

/// What one miner answered, who it is and how long it took.
public struct Answer<Response: Sendable>: Sendable {
  /// The verified signer of the answer.
  public var miner: Hotkey
  public var uid: UID
  /// A stranger's value: do not trap on it.
  public var response: Response
  /// From sending the request to holding the verified answer.
  public var latency: Duration

  public init(miner: Hotkey, uid: UID, response: Response, latency: Duration) {
    self.miner = miner
    self.uid = uid
    self.response = response
    self.latency = latency
  }
}

extension Answer: Equatable where Response: Equatable {}
extension Answer: Hashable where Response: Hashable {}

/// An answer as it came over the wire.
public typealias AnswerBytes = Answer<[UInt8]>
