public import Primitives

/// What a validator remembers of each miner's scores: one moving average a hotkey.
///
/// A miner starts at zero and rises as it proves itself, so a fresh identity is worth less than an old one. Keyed by
/// hotkey, not by uid: whoever takes over a slot inherits nothing. Hotkeys that leave the subnet keep their average
/// until `capacity` newer ones push them out.
public struct ScoreBook: Hashable, Sendable {
  /// The memory of one miner.
  public struct Entry: Hashable, Sendable {
    /// In 0...1.
    public internal(set) var average: Double
    /// How many scores the average is made of.
    public internal(set) var scoreCount: UInt64
    /// The block of the newest score.
    public internal(set) var lastScored: BlockNumber
  }

  /// The share of the newest score in the average, in 0 (excluded) to 1.
  public let alpha: Double
  public internal(set) var entries: [Hotkey: Entry]

  /// The most hotkeys in a book: sixteen times the largest subnet.
  public static let capacity = 4096

  /// An empty book.
  ///
  /// - Parameter alpha: With 0.1 a miner reaches 65 % of its level after ten scores and 88 % after twenty.
  /// - Precondition: `0 < alpha <= 1`.
  public init(alpha: Double = 0.1) {
    precondition(alpha > 0 && alpha <= 1, "The share of a new score lies in 0 (excluded) to 1.")
    self.alpha = alpha
    self.entries = [:]
  }

  /// The average of a hotkey, zero before its first score.
  public func average(of hotkey: Hotkey) -> Double { entries[hotkey]?.average ?? 0 }

  /// Blends a score into the average of a hotkey; no other average changes.
  public mutating func record(_ score: Score, for hotkey: Hotkey, at block: BlockNumber) {
    var entry = entries[hotkey] ?? Entry(average: 0, scoreCount: 0, lastScored: block)
    entry.average = min(1, max(0, entry.average + alpha * (score.value - entry.average)))
    entry.scoreCount &+= 1
    entry.lastScored = max(entry.lastScored, block)
    entries[hotkey] = entry
    if entries.count > ScoreBook.capacity { dropOldest(except: hotkey) }
  }

  /// Counts a task that got no answer, or none in time: a score of zero.
  public mutating func recordNoAnswer(from hotkey: Hotkey, at block: BlockNumber) {
    record(.zero, for: hotkey, at: block)
  }

  /// Moves every average towards zero but those of these hotkeys, as a score of zero would.
  ///
  /// When they were scored last does not change: nobody was asked.
  public mutating func decay(allBut asked: Set<Hotkey>) {
    for hotkey in entries.keys where !asked.contains(hotkey) {
      entries[hotkey]?.average *= 1 - alpha
    }
  }

  /// The averages of a subnet's neurons as they are now; those without a score have zero.
  public func averages(of neurons: some Sequence<(uid: UID, hotkey: Hotkey)>) -> [NeuronAverage] {
    neurons.map { NeuronAverage(uid: $0.uid, hotkey: $0.hotkey, average: average(of: $0.hotkey)) }
  }

  /// Forgets the hotkey that was scored the longest ago; among equals the smallest hotkey.
  private mutating func dropOldest(except kept: Hotkey) {
    let oldest = entries.filter { $0.key != kept }.min { left, right in
      (left.value.lastScored, left.key) < (right.value.lastScored, right.key)
    }
    if let oldest { entries[oldest.key] = nil }
  }
}
