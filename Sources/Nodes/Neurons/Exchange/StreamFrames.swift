// An answer in parts travels as replies to requests of its own, so that the transport needs to know nothing about it:
// the first request starts the work and is answered with the first part, each further one asks for the next. Every
// message has its own signed envelope, whose digest covers these frames.
//
// Request: 0 | payload to start; 1 | stream u64 | index u32 to go on. Reply: 0 | stream u64 for the end; 1 | stream u64 |
// part, with more to come; 2 | stream u64 | part for the last. Integers are big-endian.

/// What a validator asks a miner that answers in parts.
enum StreamRequest: Hashable, Sendable {
  case start([UInt8])
  /// The part of that index, when it is ready.
  case next(stream: UInt64, index: UInt32)

  init?(_ bytes: [UInt8]) {
    switch bytes.first {
    case 0: self = .start(Array(bytes.dropFirst()))
    case 1 where bytes.count == 13:
      self = .next(
        stream: bytes[1..<9].reduce(0) { $0 << 8 | UInt64($1) }, index: bytes[9..<13].reduce(0) { $0 << 8 | UInt32($1) }
      )
    default: return nil
    }
  }

  var bytes: [UInt8] {
    switch self {
    case .start(let payload): return [0] + payload
    case .next(let stream, let index):
      var bytes: [UInt8] = [1]
      bytes.appendBigEndian(stream)
      bytes.appendBigEndian(index)
      return bytes
    }
  }
}

/// What the miner replies.
enum StreamReply: Hashable, Sendable {
  case end(stream: UInt64)
  case part([UInt8], stream: UInt64, isLast: Bool)

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 9 else { return nil }
    let stream = bytes[1..<9].reduce(0) { $0 << 8 | UInt64($1) }
    switch bytes[0] {
    case 0 where bytes.count == 9: self = .end(stream: stream)
    case 1: self = .part(Array(bytes[9...]), stream: stream, isLast: false)
    case 2: self = .part(Array(bytes[9...]), stream: stream, isLast: true)
    default: return nil
    }
  }

  var bytes: [UInt8] {
    var bytes: [UInt8]
    switch self {
    case .end(let stream):
      bytes = [0]
      bytes.appendBigEndian(stream)
    case .part(let part, let stream, let isLast):
      bytes = [isLast ? 2 : 1]
      bytes.appendBigEndian(stream)
      bytes += part
    }
    return bytes
  }
}
