export const USAGE = `npm run exchange -- COMMAND [--config FILE | --node NAME [--data DIR]] [--json] [--lang ja|en]

  peer add ORIGIN [--fingerprint F]   pin another exchange and test the line; the same on the other side, and both work
  peer list | peer test [ID] | peer remove ID
  network add ID --ja NAME --en NAME | network remove ID
  institution add CARD.json | institution remove ID
  access list | access allow SERVICE FROM TO | access deny SERVICE FROM TO
  directory show                      what this exchange publishes, and what it holds of its peers
  key show                            fingerprints; of a gateway, the card that its exchange adds
  key rotate signing|encryption       signing: the first time announces a key, the second time goes over to it
  key retire                          former signing keys are believed for nothing new any longer
  backup make DIR                     copies the embedded database while the server writes to it
  backup restore DIR [--replace]      puts it back, server stopped; refused where it would fork the evidence log, and,
                  [--unwitnessed]     but for this, where no witness could be asked whether it would
  purge [--dry-run]                   deletes what its class's retention has run out for, or counts it
  operator link                       opens the operator's screen in a browser, once
  operator add NAME KEY.json | operator remove NAME

  --config FILE     the server's configuration; --node east is short for --config data/config/east.json
  --operator NAME --key FILE   who gives the command to the running server (the demonstration's own key is found)

Every command changes the configuration file and has the running server read it; nothing needs a restart.
Exit codes: 0 done, 1 it did not work (the reason is printed), 2 not understood or not confirmed.

どのコマンドも設定ファイルを書き換え、動いているサーバーに読み直させます。再起動は要りません。
peer add は、相手の指紋を電話などで読み合わせてから登録し、つながりを調べ、うまくいかないときは原因と直し方を表示します。
`;
