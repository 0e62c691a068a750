import FixedPoint

/// One column of bonds while it moves: what each rater's weight is worth, and what it holds next.
///
/// Position `k` stands for the column's `k`-th entry. Values are shares, none below zero, unless said otherwise.
struct BondColumn: ~Copyable {
  /// Stands for a weight that is not there, where that differs from zero.
  static let absent = I32F32(bits: -1)

  private(set) var count = 0
  /// What the old bond moves toward: the weight for bonds or the rater's claim; zero without a weight, but `absent` for liquid alpha.
  var fresh = Scratch<I32F32>()
  /// The smoothed bond; zero where none is kept.
  var next = Scratch<I32F32>()
  /// Turns stored bonds into the shares they stand for.
  var bondWhole = CountDivisor(orZeros: 1)
  /// The sum of the smoothed bonds that are kept.
  var nextSum = I32F32.zero
  /// The largest smoothed bond; only the original rule asks.
  var nextLargest = I32F32.zero
  /// The sum of the claims.
  var claimSum = I32F32.zero
  /// Whether there is a weight for bonds; filled only for a recorder.
  var isRated: [Bool] = []

  var byteCount: Int { fresh.byteCount + next.byteCount }

  mutating func open(count: Int) {
    self.count = count
    if !isRated.isEmpty { isRated.removeAll(keepingCapacity: true) }
    fresh.resize(to: count)
    next.resize(to: count)
  }

  /// Whether a smoothed bond is kept; one that is kept can still round to a share of zero.
  func keeps(_ index: Int) -> Bool { next[index] > .zero }

  /// `ema` with one factor for all pairs: `α * fresh + α' * old`, and no bond where that is zero or less.
  ///
  /// - Parameters:
  ///   - entries: The column's entries, for the old bonds.
  ///   - freshShare: Makes a share of what stands in `fresh`.
  /// - Source: yuma 9.2.
  @inline(__always)
  mutating func smooth(
    _ smoothing: FixedSmoothing, from entries: Elements<MatrixEntry>, start: Int, findsLargest: Bool,
    freshShare: (I32F32) -> I32F32
  ) {
    if smoothing.isByShare {
      // Shares cannot overflow: there are at most 2^15.
      smooth(from: entries, start, findsLargest, sum: { $0.addingWrapping($1) }) { fresh, old in
        smoothing.smoothedByShare(fresh: freshShare(fresh), old: old)
      }
    } else {
      smooth(from: entries, start, findsLargest, sum: { $0.addingSaturating($1) }) { fresh, old in
        max(.zero, smoothing.smoothed(fresh: freshShare(fresh), old: old))
      }
    }
  }

  @inline(__always)
  private mutating func smooth(
    from entries: Elements<MatrixEntry>, _ start: Int, _ findsLargest: Bool, sum add: (I32F32, I32F32) -> I32F32,
    smoothed: (_ fresh: I32F32, _ old: I32F32) -> I32F32
  ) {
    let (fresh, next, bondWhole) = (fresh.elements, next.elements, bondWhole)
    var sum = I32F32.zero
    var largest = I32F32.zero
    for index in 0..<count {
      let bond = smoothed(fresh[index], bondWhole.share(of: entries[start &+ index].bond))
      next[index] = bond
      sum = add(sum, bond)
      if findsLargest { largest = max(largest, bond) }
    }
    nextSum = sum
    nextLargest = largest
  }

  /// Smoothing with a factor for each pair; only pairs with a weight go on.
  ///
  /// - Parameter note: Told each pair's factor.
  /// - Source: yuma 9.4.3.
  mutating func smooth(
    _ liquidAlpha: LiquidAlpha, consensus: I32F32, from entries: Elements<MatrixEntry>, start: Int,
    note: (_ index: Int, _ factor: I32F32) -> Void
  ) {
    let (fresh, next, bondWhole) = (fresh.elements, next.elements, bondWhole)
    // Exponents first, then all powers at once, then the bonds. A pair without a weight takes part as zero and is dropped.
    for index in 0..<count {
      let old = bondWhole.share(of: entries[start &+ index].bond)
      let isThere = fresh[index] != BondColumn.absent
      next[index] = isThere ? liquidAlpha.exponent(consensus: consensus, weight: fresh[index], bond: old) : .zero
    }
    liquidAlpha.series.exponentiate(next.buffer)
    var sum = I32F32.zero
    for index in 0..<count {
      let weight = fresh[index]
      guard weight != BondColumn.absent else {
        next[index] = .zero
        continue
      }
      let old = bondWhole.share(of: entries[start &+ index].bond)
      let factor = liquidAlpha.factor(exponential: next[index])
      let smoothed = BondRule.smoothed(weight: weight, old: old, factor: factor)
      next[index] = smoothed
      // Cannot overflow: at most 2^15 shares.
      sum = sum.addingWrapping(smoothed)
      note(index, factor)
    }
    nextSum = sum
  }
}
