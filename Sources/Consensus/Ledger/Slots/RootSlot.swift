package import Primitives

/// The root slot that a newcomer with `stake` on root takes when all are held: the least stake's, on ties the lowest uid.
///
/// - Parameter memberStakes: Root stake by uid; not empty.
/// - Throws: `stakeTooLowForRoot` unless the newcomer has strictly more.
/// - Source: registry 6.
package func replacedRootUID(memberStakes: [Rao], newcomer stake: Rao) throws(LedgerError) -> UID {
  var least = (uid: 0, stake: Rao(.max))
  for (uid, memberStake) in memberStakes.enumerated() where memberStake < least.stake {
    least = (uid, memberStake)
  }
  guard stake > least.stake else { throw .stakeTooLowForRoot.with("stake", stake).with("lowest", least.stake) }
  return UID(UInt16(clamping: least.uid))
}
