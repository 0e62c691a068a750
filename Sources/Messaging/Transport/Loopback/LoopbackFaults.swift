import Primitives

/// What an in-memory network does to messages on their way.
package struct LoopbackFaults: Hashable, Sendable {
  /// Of a thousand requests, answers or publications, how many vanish.
  package var dropPerThousand: Int
  /// Of a thousand requests, how many arrive twice; the second answer goes nowhere.
  package var duplicatePerThousand: Int
  /// How long each message takes, drawn evenly, ends included.
  package var delay: ClosedRange<Duration>

  package static let none = LoopbackFaults()

  package init(
    dropPerThousand: Int = 0, duplicatePerThousand: Int = 0, delay: ClosedRange<Duration> = .zero ... .zero
  ) {
    self.dropPerThousand = dropPerThousand
    self.duplicatePerThousand = duplicatePerThousand
    self.delay = delay
  }
}

/// The faults drawn for one request and its answer, or for one publication.
struct LoopbackFate: Sendable {
  var requestIsLost: Bool
  var requestIsDoubled: Bool
  var requestDelay: Duration
  var replyIsLost: Bool
  var replyDelay: Duration
}

/// The faults of one direction between two nodes: a sequence that depends on the seed and the link alone.
///
/// One sequence per link keeps a run repeatable even where other links' messages interleave differently.
struct LoopbackDice: Sendable {
  private var state: UInt64

  init(seed: UInt64, link: String) {
    // FNV-1a, since `hashValue` differs from process to process.
    state = link.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }

  mutating func roll(_ faults: LoopbackFaults) -> LoopbackFate {
    LoopbackFate(
      requestIsLost: hits(faults.dropPerThousand), requestIsDoubled: hits(faults.duplicatePerThousand),
      requestDelay: duration(in: faults.delay), replyIsLost: hits(faults.dropPerThousand),
      replyDelay: duration(in: faults.delay))
  }

  private mutating func hits(_ perThousand: Int) -> Bool { Int(next() % 1000) < perThousand }

  /// Whole microseconds from the lower end.
  private mutating func duration(in range: ClosedRange<Duration>) -> Duration {
    let width = (range.upperBound - range.lowerBound).components
    let microseconds = UInt64(width.seconds) * 1_000_000 + UInt64(width.attoseconds / 1_000_000_000_000)
    return range.lowerBound + .microseconds(Int64(next() % (microseconds + 1)))
  }

  /// SplitMix64 by Sebastiano Vigna, public domain.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
