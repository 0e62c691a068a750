/// The pots of a subnet that an epoch pays out, in base units of alpha.
package struct EpochPots: Hashable, Sendable {
  package var server: UInt64
  package var validator: UInt64
  package var root: UInt64
  package var owner: UInt64

  package init(server: UInt64, validator: UInt64, root: UInt64, owner: UInt64) {
    self.server = server
    self.validator = validator
    self.root = root
    self.owner = owner
  }

  /// What consensus distributes: everything but the owner's pot.
  package var emission: UInt64 { sum(server, sum(validator, root)) }
}

/// The pots of an epoch divided by the scores of consensus: incentive in amounts, dividends in proportions.
///
/// - Source: economy 11.3, steps 1 to 3.
package struct EpochDivision: Hashable, Sendable {
  /// Incentive of each uid, in base units of alpha. Shape: `[uids]`.
  package let incentives: [UInt64]
  /// Dividends of each uid, in proportion only. Shape: `[uids]`.
  package let dividends: [UInt64]
  /// Alpha to pay by dividends; it holds the servers' pot too where nobody had incentive.
  package let validatorPot: UInt64
  /// Alpha to pay by the root part of dividends.
  package let rootPot: UInt64
  /// What goes back to `pendingValidator`, because nobody had dividends.
  package let carriedValidator: UInt64
  /// What goes back to `pendingRoot`, because nobody had dividends.
  package let carriedRoot: UInt64

  /// - Parameters:
  ///   - pots: As taken from the subnet.
  ///   - incentive: Scores in any common scale. Shape: `[uids]`.
  ///   - dividends: Scores in any common scale. Shape: `[uids]`.
  package init(pots: EpochPots, incentive: [UInt64], dividends scores: [UInt64]) {
    let paid = splitExact(pots.server, by: incentive)
    incentives = paid ?? Array(repeating: 0, count: incentive.count)
    let validator = paid == nil ? sum(pots.validator, pots.server) : pots.validator
    if let proportions = splitExact(sum(validator, pots.root), by: scores) {
      dividends = proportions
      (validatorPot, rootPot, carriedValidator, carriedRoot) = (validator, pots.root, 0, 0)
    } else {
      dividends = Array(repeating: 0, count: scores.count)
      (validatorPot, rootPot, carriedValidator, carriedRoot) = (0, 0, validator, pots.root)
    }
  }
}

/// What one hotkey receives of the validators' and root's pots, before and after its take.
///
/// - Source: economy 11.3, steps 5 to 7.
package struct DividendPayment: Hashable, Sendable {
  /// Of the validators' pot, take included.
  package let alpha: UInt64
  /// Of root's pot, take included; still alpha.
  package let root: UInt64
  /// The part of `alpha` for the owner of the hotkey.
  package let alphaTake: UInt64
  /// The part of `root` for the owner of the hotkey.
  package let rootTake: UInt64

  /// The part of `alpha` for everybody who stakes on the hotkey here.
  package var alphaRest: UInt64 { alpha - alphaTake }
  /// The part of `root` for everybody who stakes on the hotkey on root.
  package var rootRest: UInt64 { root - rootTake }

  /// One hotkey that has dividends.
  package struct Row: Hashable, Sendable {
    /// In proportion only, after parents and children have shared.
    package let dividend: UInt64
    /// Value of the hotkey's pool on the subnet, in base units.
    package let alpha: UInt64
    /// Value of the hotkey's pool on root, in rao.
    package let root: UInt64
    /// Over 65,535.
    package let take: UInt16

    package init(dividend: UInt64, alpha: UInt64, root: UInt64, take: UInt16) {
      self.dividend = dividend
      self.alpha = alpha
      self.root = root
      self.take = take
    }
  }

  /// Divides both pots among the rows.
  ///
  /// A dividend counts for root in the proportion of weighted root TAO to all of the hotkey's stake, and for alpha
  /// otherwise. Without any claim of root its pot joins the validators'.
  ///
  /// - Returns: One payment per row; they sum to both pots.
  /// - Precondition: Where a pot holds something, some row has a dividend. It does after an ``EpochDivision``.
  package static func divide(validatorPot: UInt64, rootPot: UInt64, rows: [Row], taoWeight: UInt64) -> [DividendPayment]
  {
    let rootClaims = rows.map { row in
      let weighted = portion(of: row.root, perM: taoWeight)
      return weighted == 0 ? 0 : mulDivFloor(row.dividend, weighted, sum(row.alpha, weighted))
    }
    var alphaClaims = zip(rows, rootClaims).map { $0.dividend - $1 }
    if alphaClaims.allSatisfy({ $0 == 0 }) { alphaClaims = rows.map(\.dividend) }
    let nobodyOnRoot = rootClaims.allSatisfy { $0 == 0 }
    let alpha = pay(nobodyOnRoot ? sum(validatorPot, rootPot) : validatorPot, by: alphaClaims)
    let root = pay(nobodyOnRoot ? 0 : rootPot, by: rootClaims)
    return rows.indices.map { index in
      DividendPayment(
        alpha: alpha[index], root: root[index],
        alphaTake: portion(of: alpha[index], per65535: rows[index].take),
        rootTake: portion(of: root[index], per65535: rows[index].take))
    }
  }

  private static func pay(_ pot: UInt64, by claims: [UInt64]) -> [UInt64] {
    guard pot > 0 else { return Array(repeating: 0, count: claims.count) }
    guard let parts = splitExact(pot, by: claims) else {
      preconditionFailure("A pot of dividends has nobody to go to.")
    }
    return parts
  }
}
