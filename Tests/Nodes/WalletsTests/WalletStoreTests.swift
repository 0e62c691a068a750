import Glibc
import Keys
import Primitives
import Testing

@testable import Wallets

@Suite struct WalletStoreTests {
  let folder = TemporaryFolder()
  var root: String { folder.path + "/home/.subnetkit/wallets" }
  var store: WalletStore { WalletStore(root: root) }
  let password = SecretBytes(Array("correct horse".utf8))

  @Test func aStoredKeySignsAsItsAccount() throws {
    let coldkey = try store.create("alice")
    let hotkey = try store.createHotkey("daily", in: "alice")
    #expect(try store.coldkey(of: "alice").account == coldkey)
    #expect(try store.hotkey("daily", of: "alice").account == hotkey)
    #expect(try store.coldkeyAccount(of: "alice") == coldkey)
    #expect(try store.hotkeyAccount("daily", of: "alice") == hotkey)
    #expect(coldkey != hotkey)
    let signature = try store.hotkey("daily", of: "alice").sign(.envelope, [1, 2, 3])
    #expect(signature.verifies(.envelope, [1, 2, 3], by: hotkey))
  }

  @Test func theStoreOfAUserIsInTheHomeFolder() throws {
    #expect(try WalletStore(home: "/home/a").root == "/home/a/.subnetkit/wallets")
    #expect(throws: WalletError.homeUnknown) { try WalletStore(home: nil) }
    #expect(throws: WalletError.homeUnknown) { try WalletStore(home: "") }
  }

  @Test func filesAndFoldersAreForTheOwnerAlone() throws {
    try store.create("alice")
    try store.createHotkey("daily", in: "alice")
    for file in ["coldkey", "hotkeys/daily"] { #expect(folder.mode(of: "\(root)/alice/\(file)") == 0o600) }
    for path in [folder.path + "/home", root, root + "/alice", root + "/alice/hotkeys"] {
      #expect(folder.mode(of: path) == 0o700)
    }
    #expect(folder.names(in: root + "/alice") == ["coldkey", "hotkeys"])
    #expect(folder.names(in: root + "/alice/hotkeys") == ["daily"])
  }

  @Test(arguments: [mode_t(0o640), 0o604, 0o620, 0o602, 0o610, 0o644, 0o666, 0o777])
  func aFileOpenToOthersIsRefusedWithTheCommandThatClosesIt(mode: mode_t) throws {
    try store.create("alice")
    let path = root + "/alice/coldkey"
    chmod(path, mode)
    let error = #expect(throws: WalletError.self) { try store.coldkey(of: "alice") }
    #expect(error == .openToOthers(path: path, mode: mode))
    #expect(error?.description.contains("chmod 600 \(path)") == true)
    chmod(path, 0o600)
    #expect(try store.coldkey(of: "alice").account == store.coldkeyAccount(of: "alice"))
  }

  @Test func aKeyIsNeverOverwritten() throws {
    try store.create("alice")
    try store.createHotkey("daily", in: "alice")
    let before = folder.read(root + "/alice/coldkey")
    #expect(throws: WalletError.alreadyExists(path: root + "/alice/coldkey")) { try store.create("alice") }
    #expect(throws: WalletError.alreadyExists(path: root + "/alice/hotkeys/daily")) {
      try store.createHotkey("daily", in: "alice")
    }
    #expect(throws: WalletError.alreadyExists(path: root + "/alice/coldkey")) {
      try OwnerOnlyFile.create(root + "/alice/coldkey", holding: SecretBytes([1]))
    }
    #expect(folder.read(root + "/alice/coldkey") == before)
    #expect(folder.names(in: root + "/alice") == ["coldkey", "hotkeys"])
  }

  @Test func aSealedKeyOpensWithItsPasswordOnly() throws {
    let account = try store.create("alice", password: password, cost: .least)
    let path = root + "/alice/coldkey"
    #expect(try store.coldkey(of: "alice", password: password).account == account)
    #expect(throws: WalletError.wrongPassword(path: path)) {
      try store.coldkey(of: "alice", password: SecretBytes(Array("wrong".utf8)))
    }
    #expect(throws: WalletError.passwordNeeded(path: path)) { try store.coldkey(of: "alice") }
    #expect(throws: WalletError.emptyPassword) { try store.coldkey(of: "alice", password: SecretBytes([])) }
    #expect(try store.coldkeyAccount(of: "alice") == account)
  }

  @Test func anEmptyPasswordMakesNoWallet() throws {
    #expect(throws: WalletError.emptyPassword) { try store.create("alice", password: SecretBytes([])) }
    #expect(try store.list().isEmpty)
  }

  @Test func aSealedFileHoldsNoByteOfTheSeedInClear() throws {
    let pair = KeyPair.generate()
    try store.create("sealed", password: password, key: pair, cost: .least)
    try store.create("plain", key: pair)
    let seed = pair.seed().withBytes { Array($0) }
    let sealed = String(decoding: folder.read(root + "/sealed/coldkey"), as: UTF8.self)
    let plain = String(decoding: folder.read(root + "/plain/coldkey"), as: UTF8.self)
    #expect(plain.contains(seed.hex))
    #expect(!sealed.contains(seed.hex.prefix(16)) && !sealed.contains(seed.hex.suffix(16)))
    #expect(sealed.contains(pair.account.address) && plain.contains(pair.account.address))
  }

  @Test func developmentKeysAreTakenWhereverAKeyIsNamed() throws {
    let alice = KeyPair.development(name: "Alice").account
    #expect(try store.coldkey(of: "//Alice").account == alice)
    #expect(try store.coldkeyAccount(of: "//Alice") == alice)
    #expect(try store.hotkey("//Alice", of: "none").account == alice)
    #expect(try store.hotkeyAccount("//Alice", of: "none") == alice)
    let hotkey = try store.hotkey("default", of: "//Alice")
    #expect(hotkey.isDevelopment && hotkey.account != alice)
    #expect(try store.hotkeyAccount("default", of: "//Alice") == hotkey.account)
    #expect(try store.list().isEmpty)
  }

  @Test func developmentKeysAreNotStored() throws {
    #expect(throws: WalletError.developmentKeyNotStorable("//Alice")) { try store.create("//Alice") }
    try store.create("alice")
    #expect(throws: WalletError.developmentKeyNotStorable("//Bob")) { try store.createHotkey("//Bob", in: "alice") }
  }

  @Test(arguments: [
    "", ".", "..", "a/b", "../a", "Alice", "a b", "é", "a\0", "a.new", "/a", "//", "//a/b",
    String(repeating: "a", count: 65),
  ])
  func otherNamesReachNoFile(name: String) throws {
    try store.create("alice")
    #expect(throws: WalletError.badName(name)) { try store.create(name) }
    #expect(throws: WalletError.badName(name)) { try store.createHotkey(name, in: "alice") }
    #expect(throws: WalletError.badName(name)) { try store.coldkey(of: name) }
    #expect(throws: WalletError.badName(name)) { try store.hotkey(name, of: "alice") }
    #expect(throws: WalletError.badName(name)) { try store.hotkeyAccount("daily", of: name) }
    #expect(folder.names(in: root) == ["alice"])
    #expect(folder.names(in: root + "/alice") == ["coldkey"])
  }

  @Test func whatIsMissingIsNamed() throws {
    #expect(throws: WalletError.walletNotFound("alice", root: root)) { try store.coldkey(of: "alice") }
    #expect(throws: WalletError.walletNotFound("alice", root: root)) { try store.createHotkey("daily", in: "alice") }
    #expect(throws: WalletError.walletNotFound("alice", root: root)) { try store.summary(of: "alice") }
    try store.create("alice")
    #expect(throws: WalletError.keyNotFound(path: root + "/alice/hotkeys/daily")) {
      try store.hotkey("daily", of: "alice")
    }
  }

  @Test func theListShowsEveryWalletByNameWithoutAPassword() throws {
    #expect(try store.list().isEmpty)
    let coldkey = try store.create("b-sealed", password: password, cost: .least)
    try store.create("a")
    let hotkeys = [try store.createHotkey("one", in: "a"), try store.createHotkey("two", in: "a")]
    folder.write([1, 2, 3], to: root + "/a/hotkeys/zzz")
    folder.write([], to: root + "/a/hotkeys/one.12ab.new")
    let list = try store.list()
    #expect(list.map(\.name.text) == ["a", "b-sealed"])
    #expect(list[0].hotkeys.map(\.name.text) == ["one", "two", "zzz"])
    #expect(list[0].hotkeys.prefix(2).map(\.status) == hotkeys.map { .usable($0, isSealed: false) })
    #expect(list[0].hotkeys[2].status == .unusable(.damaged(path: root + "/a/hotkeys/zzz", .notAKeyFile)))
    #expect(list[1].coldkey == .usable(coldkey, isSealed: true))
    #expect(try store.summary(of: "a") == list[0])
  }

  @Test func aMachineWithoutTheColdkeyStillListsItsHotkeys() throws {
    try store.create("alice")
    let hotkey = try store.createHotkey("daily", in: "alice")
    unlink(root + "/alice/coldkey")
    let summary = try store.summary(of: "alice")
    #expect(summary.coldkey == nil)
    #expect(summary.hotkeys.map(\.status.account) == [hotkey])
    #expect(try store.hotkey("daily", of: "alice").account == hotkey)
  }

  @Test func whatIsNoRegularFileIsNotRead() throws {
    try store.create("alice")
    mkdir(root + "/alice/hotkeys", 0o700)
    mkfifo(root + "/alice/hotkeys/pipe", 0o600)
    mkdir(root + "/alice/hotkeys/folder", 0o700)
    for name in ["pipe", "folder"] {
      #expect(throws: WalletError.notAFile(path: root + "/alice/hotkeys/\(name)")) {
        try store.hotkey(name, of: "alice")
      }
    }
  }

  @Test func aHugeFileIsRefusedBeforeItIsRead() throws {
    try store.create("alice")
    let path = root + "/alice/coldkey"
    folder.write([UInt8](repeating: 65, count: KeyFile.byteLimit + 1), to: path)
    #expect(throws: WalletError.tooLarge(path: path)) { try store.coldkey(of: "alice") }
    folder.write([UInt8](repeating: 65, count: KeyFile.byteLimit), to: path)
    #expect(throws: WalletError.damaged(path: path, .notAKeyFile)) { try store.coldkey(of: "alice") }
    folder.write([], to: path)
    #expect(throws: WalletError.damaged(path: path, .notAKeyFile)) { try store.coldkey(of: "alice") }
  }

  @Test func aColdkeyDoesNotStandInForAHotkey() throws {
    try store.create("alice")
    mkdir(root + "/alice/hotkeys", 0o700)
    let path = root + "/alice/hotkeys/daily"
    folder.write(folder.read(root + "/alice/coldkey"), to: path)
    #expect(throws: WalletError.damaged(path: path, .wrongRole)) { try store.hotkey("daily", of: "alice") }
  }

  @Test func errorsShowTheirReasonAndNoControlCharacters() {
    #expect(WalletError.badName("a\u{1B}[2J\n").description.contains("\\u{1B}"))
    let missing = WalletStore(root: "/proc/1/nowhere")
    let error = #expect(throws: WalletError.self) { try missing.create("alice") }
    guard case .system(call: "mkdir", _, _) = error else {
      Issue.record("unexpected \(String(describing: error))")
      return
    }
  }
}
