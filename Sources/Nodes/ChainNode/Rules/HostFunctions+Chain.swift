import Keys
package import Ledger
import Primitives
import Wire

extension HostFunctions {
  /// What the ledger's rules ask of the rooms above them: BLAKE2b-256, the key rules, and the form of calls.
  ///
  /// One value for the process: it holds the derived accounts of every netuid.
  package static let chain = HostFunctions(
    hash: { Hash256(hashing: $0) },
    isAcceptableKey: { PublicKeyRules.isAcceptable($0) },
    decodeCall: { bytes in
      do throws(WireError) {
        return try WireCodec.decode(bytes, as: .call)
      } catch {
        return nil
      }
    })
}
