import Daemon
import Keys
import Testing

@testable import Wallets

@Suite struct PasswordSourceTests {
  let folder = TemporaryFolder()
  private var file: String { folder.path + "/password" }

  private func bytes(_ secret: SecretBytes?) -> [UInt8]? { secret.map { $0.withBytes { Array($0) } } }

  /// What a sealed key is opened with.
  private func given(by source: PasswordSource) throws -> [UInt8]? {
    try source.unlock { secret throws(WalletError) in
      guard let secret else { throw .passwordNeeded(path: "/key") }
      return bytes(secret)
    }
  }

  @Test(arguments: ["correct horse", "correct horse\n", "correct horse\r\nand more\n"])
  func theFirstLineOfTheFileIsThePassword(text: String) throws {
    try AtomicFile(file).write(Array(text.utf8))
    let source = PasswordSource(file: file, prompt: nil)
    #expect(try given(by: source) == Array("correct horse".utf8))
    #expect(try bytes(source.chosen(isAsked: false)) == Array("correct horse".utf8))
  }

  @Test func aFileThatBeginsWithAnEmptyLineHoldsNoPassword() throws {
    try AtomicFile(file).write(Array("\nsecret\n".utf8))
    let source = PasswordSource(file: file, prompt: nil)
    #expect(throws: PasswordError.emptyFile(file)) { try given(by: source) }
    #expect(throws: PasswordError.emptyFile(file)) { try source.chosen(isAsked: false) }
  }

  @Test func aKeyThatIsNotSealedNeedsNoPassword() throws {
    let source = PasswordSource(file: nil, prompt: nil)
    #expect(try source.unlock { secret throws(WalletError) in secret == nil })
    #expect(try source.chosen(isAsked: false) == nil)
  }

  @Test func whereNobodyCanBeAskedASealedKeyStaysShut() throws {
    let source = PasswordSource(file: nil, prompt: nil)
    #expect(throws: WalletError.passwordNeeded(path: "/key")) { try given(by: source) }
    #expect(throws: PasswordError.nobodyToAsk) { try source.chosen(isAsked: true) }
  }
}
