"""What is known of small gate logs."""

import datetime as dt
import math

# A workbook of Excel 97 with these rows: Latin and other letters, dates in a format of their own.
XLS = (
    "c-rk)O-L0{6h3!;-j6@er)i*xJcP7N1atEW^l4JA60?PoL5;rQ`SAVNI0OcjX)cqXHboo378#gr`oR{pvPEFnA_x"
    "NQg^P3(6tqyMbI;6s`OLrvB^mP#bM8Io-aFqp_jhLA%;wLJJt|p%4QK!n)(kf|*4Y@|?xf-cEH@0EO{Olq4I4WOZ"
    "Wj)uLx$<x*G@i$e7qMxfGO!EN`Q}epMgGTjmK2qHsT2RpfK)3JxT_5(c*z(@~VJjH_2TjA5zWdBpb<con$@MooA<"
    "EHqct-w`TDvp`6M*z@Phs+Po)AEfm2kK8vs1U}jwznzXPI*<l4`QVxs*4rq%SQ#Gy^!9BiYgTb0;v}OR|>*+Zhjm"
    "|?M4*58IGkgGFlWY5h&$e%`odMdvr`w&svAb|6H`;Fs62KrB=V+;nKsH1qULryy9$LYYTvT%KmI2x#imqbXtZ1P)"
    "?&lq9IMk#2dP6v06io|XP$IaKhp>`QjRkSigk$}EYPTMa$9(;|qUoMA6V}0{(^M-0=&FMB`O-m7)32*)L<BaaHbW"
    "g`@w0>W8gJTOlS^wb2W1fQD4$O&(TicO-2XCnysIs6mMnvGzL=-bULGzOaFw^f#vUr6i21CCDr#|n<Pbe|59Lcp7"
    "NUEYR<spanPbCL=Ngq(AWt3PZJ=^pejnyXmQFk^8%YHAV}7z_;bP(ByTBNf<Ea?L_WT-#YF5qe+~#-|NT$r%u|AM"
    "2{$=-a30}*0!#Zm7V3qm|us=9VjrR^qX@b>PrY52$rZfpPDW%D%$tlf&n!{pcRGQAph}CJ;XT-|;{<6R|&N}30AY"
    "!kh#K;~@OiX-kUu-lj5?V@U&X+Esg)<17#3c}e+hQ<BJ<DPch(Wsr#2^sET;-*?B!fT<ol|n>QpzHug=0BoaiHas"
    "e>Aadc_D5Rr$}C8TV9B1af)V~)20_9d4WOA7#4#_UK|=t_~GPYV}notk9kmd_WVQ^*sx*4h7B7wZ2Ws*^d1THE+m"
    "=X2lQ^}wEpX?;=N}7Ci!pC4spD6{G2=rF-$cW$Y}oT2AL(F#kSZc`M;2(1KBm`g)Z`=H{<z>-&JgVJX>z){c}qwQ"
    "~tF~{QS%OKL86U9cT"
)


def at(text):
    """UTC epoch seconds of a date and time of day in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


def cleaned(log):
    """What was cleaned, without the file."""
    columns = ["row", "truck", "stage", "what"]
    return [tuple(row) for row in log.cleaning[columns].itertuples(index=False, name=None)]


def visits(log, truck):
    """Stage → queue, start, end of a truck, by its plate."""
    number = log.trucks.index[log.trucks["truck"] == truck][0]
    rows = log.visits[log.visits["truck"] == number]
    return {
        row.stage: tuple(None if math.isnan(v) else v for v in (row.queue, row.start, row.end))
        for row in rows.itertuples()
    }
