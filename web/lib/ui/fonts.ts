// BIZ UDPGothic, split by unicode range: the browser fetches only the parts that a page shows.
import '@fontsource/biz-udpgothic/400.css';
import '@fontsource/biz-udpgothic/700.css';
