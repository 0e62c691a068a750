package import Primitives

/// The smallest number from 1 that no subnet has.
///
/// - Parameter existing: Ascending, with or without root.
/// - Source: registry 3; vectors `registry/subnet_creation`.
package func smallestFreeNetUID(existing: some Sequence<NetUID>) -> NetUID {
  var free: UInt16 = 1
  for netuid in existing where netuid != .root {
    guard netuid.value == free else { break }
    free += 1
  }
  return NetUID(free)
}
