import SubnetKit

/// The parts of one answer as they come: what to ask for next, and whether it is still within its limits.
struct IncomingStream: Sendable {
  private let limits: StreamLimits
  private(set) var parts: [[UInt8]] = []
  /// From the start of the request to each part.
  private(set) var arrivals: [Duration] = []
  private var byteCount = 0
  private var stream: UInt64?
  private var isEnded = false

  init(limits: StreamLimits) { self.limits = limits }

  /// The bytes of the next request; nil when all parts are here.
  func request(for payload: [UInt8]) -> [UInt8]? {
    guard !isEnded else { return nil }
    guard let stream else { return StreamRequest.start(payload).bytes }
    return StreamRequest.next(stream: stream, index: UInt32(parts.count)).bytes
  }

  /// Takes in a reply.
  ///
  /// - Throws: `.unusableParts` for what is no reply to that request, and beyond the limits.
  mutating func take(_ bytes: [UInt8], at arrival: Duration) throws(ExchangeError) {
    switch StreamReply(bytes) {
    case .end(let stream) where self.stream ?? stream == stream:
      isEnded = true
    case .part(let part, let stream, let isLast) where self.stream ?? stream == stream:
      byteCount += part.count
      guard parts.count < limits.partLimit, byteCount <= limits.byteLimit else { throw .unusableParts }
      self.stream = stream
      parts.append(part)
      arrivals.append(arrival)
      isEnded = isLast
    case .end, .part, nil: throw .unusableParts
    }
  }
}
