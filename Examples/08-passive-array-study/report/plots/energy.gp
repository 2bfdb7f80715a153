set terminal svg size 760,480 font 'sans-serif,13' background '#ffffff'
set encoding utf8
set output 'energy.svg'
set datafile separator ' '
set grid lc rgb '#dddddd'
set key outside right
set style data histograms
set style histogram rowstacked
set style fill solid 0.85 border -1
set boxwidth 0.7
set xlabel 'condition'
set ylabel 'energy of the run, J'
set yrange [0:*]
plot for [column=2:5] 'energy.dat' using column:xtic(1) \
  title columnheader(column)
