set terminal svg size 760,480 font 'sans-serif,13' background '#ffffff'
set encoding utf8
set output 'epochs.svg'
set datafile separator ' '
set grid lc rgb '#dddddd'
set key outside right
set xlabel 'epoch'
set xrange [1:*]
set ylabel 'Fréchet distance'
set logscale y
plot 'epochs.dat' index 0 using 1:2 with linespoints pt 7 ps 0.3 title '1', \
  'epochs.dat' index 1 using 1:2 with linespoints pt 7 ps 0.3 title '2', \
  'epochs.dat' index 2 using 1:2 with linespoints pt 7 ps 0.3 title '3', \
  'epochs.dat' index 3 using 1:2 with linespoints pt 7 ps 0.3 title '4', \
  'epochs.dat' index 4 using 1:2 with linespoints pt 7 ps 0.3 title '5', \
  'epochs.dat' index 5 using 1:2 with linespoints pt 7 ps 0.3 title '6', \
  'epochs.dat' index 6 using 1:2 with linespoints pt 7 ps 0.3 title '7', \
  'epochs.dat' index 7 using 1:2 with linespoints pt 7 ps 0.3 title '8', \
  'epochs.dat' index 8 using 1:2 with linespoints pt 7 ps 0.3 title '9', \
  'epochs.dat' index 9 using 1:2 with linespoints pt 7 ps 0.3 title '10', \
  'epochs.dat' index 10 using 1:2 with linespoints pt 7 ps 0.3 title '11', \
  'epochs.dat' index 11 using 1:2 with linespoints pt 7 ps 0.3 title '12', \
  'epochs.dat' index 12 using 1:2 with linespoints pt 7 ps 0.3 title '13', \
  'epochs.dat' index 13 using 1:2 with linespoints pt 7 ps 0.3 title '14', \
  'epochs.dat' index 14 using 1:2 with linespoints pt 7 ps 0.3 title '15', \
  'epochs.dat' index 15 using 1:2 with linespoints pt 7 ps 0.3 title '16', \
  'epochs.dat' index 16 using 1:2 with linespoints pt 7 ps 0.3 title '17', \
  'epochs.dat' index 17 using 1:2 with linespoints pt 7 ps 0.3 title '18', \
  'epochs.dat' index 18 using 1:2 with linespoints pt 7 ps 0.3 title '19', \
  'epochs.dat' index 19 using 1:2 with linespoints pt 7 ps 0.3 title '20', \
  'epochs.dat' index 20 using 1:2 with linespoints pt 7 ps 0.3 title '21', \
  'epochs.dat' index 21 using 1:2 with linespoints pt 7 ps 0.3 title '22', \
  'epochs.dat' index 22 using 1:2 with linespoints pt 7 ps 0.3 title '23', \
  'epochs.dat' index 23 using 1:2 with linespoints pt 7 ps 0.3 title '24'
